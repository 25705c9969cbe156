import type { Platform } from '@claviger/application';
import type { Config } from '@claviger/composition';

/** Something to be done again and again. */
export interface Job {
  readonly name: string;
  /** Milliseconds from the end of one run to the beginning of the next. */
  readonly every: number;
  /** What it did, for the log; null when there was nothing to do. Several workers may run it at once. */
  readonly run: () => Promise<Readonly<Record<string, number>> | null>;
}

/** All that the worker does. */
export function jobs(
  platform: Pick<Platform, 'deleteExpired' | 'retireIdleCredentials'>,
  config: Config,
): readonly Job[] {
  return [
    {
      name: 'delete-expired',
      every: config['worker.deleteExpired.every'],
      run: async () => {
        const deleted = await platform.deleteExpired({ auditRetention: config['audit.retention'] });
        return deleted === 0 ? null : { deleted };
      },
    },
    {
      name: 'retire-idle',
      every: config['worker.retireIdle.every'],
      run: async () => {
        const retired = await platform.retireIdleCredentials();
        return retired === 0 ? null : { retired };
      },
    },
  ];
}
