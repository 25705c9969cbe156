import type { Attempt, FailureGuard } from '@claviger/domain';
import type { RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Counters } from './counters.js';
import type { KeyOf } from './key-of.js';
import { networkOf } from './network-of.js';

export interface FailureRule {
  /** Failures with one name from one address. */
  readonly perKeyAndAddress: number;
  readonly perAddress: number;
  /** Milliseconds; it starts with the first failure, and whoever failed too often waits for its end. */
  readonly window: number;
}

/** A guard that also learns from the store what other processes counted. */
export interface SharedFailureGuard extends FailureGuard {
  /** Who is blocked by now. @throws when the store is away */
  look(): Promise<void>;
}

/** Counts in the store; knows in memory who is blocked, so that to ask costs nothing. */
export function sharedFailureGuard(counters: Counters, rule: FailureRule, keyOf: KeyOf): SharedFailureGuard {
  const least = Math.min(rule.perKeyAndAddress, rule.perAddress);
  const limiter: RateLimiterAbstract = counters.limiter('limit_failures', { points: least, window: rule.window });
  /** Until when, in milliseconds since 1970. */
  const blocked = new Map<string, number>();

  const limitOf = (key: string) => (key.startsWith(BY_NAME) ? rule.perKeyAndAddress : rule.perAddress);
  const keysOf = ({ name, address }: Attempt): readonly string[] => {
    const network = networkOf(address);
    const byAddress = keyOf(BY_ADDRESS, [network]);
    return name === null ? [byAddress] : [byAddress, keyOf(BY_NAME, [name, network])];
  };

  return {
    waitOf: (attempt) => {
      if (blocked.size === 0) return 0;
      const now = Date.now();
      return Math.max(0, ...keysOf(attempt).map((key) => (blocked.get(key) ?? 0) - now));
    },
    failed: async (attempt) => {
      const count = async (key: string) => {
        const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
        if (consumedPoints >= limitOf(key)) blocked.set(key, Date.now() + msBeforeNext);
      };
      await Promise.all(keysOf(attempt).map(count));
    },
    look: async () => {
      const now = Date.now();
      for (const [key, until] of blocked) if (until <= now) blocked.delete(key);
      for (const { key, points, expire } of await counters.reached('limit_failures', least))
        if (points >= limitOf(key)) blocked.set(key, expire);
    },
  };
}

const [BY_NAME, BY_ADDRESS] = ['name', 'address'];
