import type { FailureGuard, RequestLimit } from '@claviger/domain';
import type { Config } from './config-keys.js';
import type { Log } from './log.js';

export interface Limits {
  readonly failures: FailureGuard;
  readonly requests: RequestLimit | null;
  close(): Promise<void>;
}

export async function openLimits(_config: Config, _log?: Log): Promise<Limits> {
  return {
    failures: { waitOf: () => 0, failed: async () => undefined },
    requests: null,
    close: async () => undefined,
  };
}
