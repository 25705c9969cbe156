import { parse, resolve } from 'node:path';
import type { CounterPlace, Limits } from '@claviger/limits';
import type { Config } from './config-keys.js';
import { sqliteFile } from './database.js';
import type { Log } from './log.js';

/** Nobody waits. */
export const UNLIMITED: Limits = {
  failures: { waitOf: () => 0, failed: async () => undefined },
  requests: null,
  close: async () => undefined,
};

/** The limits as they are configured. @param secret under which names are hashed */
export async function openLimits(config: Config, secret: string, log?: Log): Promise<Limits> {
  if (!config['limits.enabled']) return UNLIMITED;
  const limits = await import('@claviger/limits');
  const perCaller = config['limits.requests.perCaller'];
  return limits.openLimits({
    place: counterPlace(config),
    secret,
    failures: {
      perKeyAndAddress: config['limits.failures.perKeyAndAddress'],
      perAddress: config['limits.failures.perAddress'],
      window: config['limits.failures.window'],
    },
    requests: perCaller === 0 ? null : { perCaller, window: config['limits.requests.window'] },
    onStore: (trouble) => {
      if (trouble === null) log?.info('failures and requests are counted together again');
      else log?.warn({ err: trouble }, 'the counters are away: each process counts failures and requests for itself');
    },
  });
}

/** `claviger.db` has its counters in `claviger-limits.db` beside it. */
function counterPlace(config: Config): CounterPlace {
  const database = sqliteFile(config);
  if (database === null) return { kind: 'postgres', url: config['database.url'] };
  const { dir, name, ext } = parse(resolve(database));
  return { kind: 'sqlite', file: resolve(dir, `${name}-limits${ext}`) };
}
