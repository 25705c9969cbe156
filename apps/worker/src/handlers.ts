import type { Periods, Platform } from '@claviger/application';
import type { Config, Log } from '@claviger/composition';
import type { JobHandlers, TaskName } from '@claviger/domain';
import type { Metrics } from './metrics.js';

const HOUR = 3_600_000;

/** What it did, for the log; null when there was nothing to do. */
type Done = Readonly<Record<string, number>> | null;

type Needed = Pick<
  Platform,
  'deleteExpired' | 'retireIdleCredentials' | 'warnOfExpiry' | 'sealAudit' | 'rotateSigningKeys' | 'deliverEvents'
>;

/** All that a worker can be asked to do. */
export function handlersOn(
  platform: Needed,
  config: Config,
  { log, metrics, isEnding }: { log: Log; metrics: Metrics; isEnding: () => boolean },
): JobHandlers {
  const counting = (name: string, count: number): Done => (count === 0 ? null : { [name]: count });
  const told =
    <Payload>(task: TaskName, run: (payload: Payload) => Promise<Done>) =>
    async (payload: Payload): Promise<void> => {
      const done = await run(payload);
      metrics.jobs.inc({ task, result: 'done' });
      if (done === null) log.debug({ task }, 'nothing to do');
      else log.info({ task, ...done }, 'done');
    };

  return {
    deliver: told('deliver', async (payload) => {
      const { delivered, failed } = await platform.deliverEvents(payload, {
        retryFor: config['webhooks.retryFor'],
        isEnding,
      });
      metrics.attempts.inc({ result: 'delivered' }, delivered);
      metrics.attempts.inc({ result: 'failed' }, failed);
      return delivered + failed === 0 ? null : { delivered, failed };
    }),
    'delete-expired': told('delete-expired', async () => {
      const kept = { audit: config['audit.retention'], deliveries: config['webhooks.retention'] };
      return counting('deleted', await platform.deleteExpired(kept));
    }),
    'retire-idle': told('retire-idle', async () => counting('retired', await platform.retireIdleCredentials())),
    'warn-of-expiry': told('warn-of-expiry', async () => counting('warned', await platform.warnOfExpiry())),
    'rotate-signing-keys': told('rotate-signing-keys', async () => {
      const done = await platform.rotateSigningKeys({ every: config['oauth.signingKeys.every'] });
      return done.made + done.retired === 0 ? null : done;
    }),
    'seal-audit': told('seal-audit', async () => counting('sealed', await platform.sealAudit())),
  };
}

/** How often each periodic task is to be done, by all workers together. */
export function periodsIn(config: Config): Periods {
  return {
    'delete-expired': config['worker.deleteExpired.every'],
    'retire-idle': config['worker.retireIdle.every'],
    'warn-of-expiry': config['worker.warnOfExpiry.every'],
    'seal-audit': config['worker.sealAudit.every'],
    // Late by an hour is early enough: a key is published two days before it signs.
    'rotate-signing-keys': HOUR,
  };
}
