import type { Allowance, RequestLimit } from '@claviger/domain';
import { RateLimiterRes } from 'rate-limiter-flexible';
import type { Counters } from './counters.js';
import type { KeyOf } from './key-of.js';

export interface RequestRule {
  readonly perCaller: number;
  /** Milliseconds; it starts with the first request. */
  readonly window: number;
}

/** Counts requests in the store; who asked for everything is refused from memory until the window ends. */
export function sharedRequestLimit(
  counters: Counters,
  { perCaller: limit, window }: RequestRule,
  keyOf: KeyOf,
): RequestLimit {
  const limiter = counters.limiter('limit_requests', { points: limit, window });
  return {
    take: async (caller): Promise<Allowance> => {
      try {
        const { remainingPoints, msBeforeNext } = await limiter.consume(keyOf('caller', [caller]));
        return { granted: true, limit, remaining: remainingPoints, resetIn: msBeforeNext };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return { granted: false, limit, remaining: 0, resetIn: refusal.msBeforeNext };
      }
    },
  };
}
