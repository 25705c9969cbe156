import { RateLimiterMemory, type IRateLimiterOptions } from 'rate-limiter-flexible';
import type { Counted, Rule } from './counters.js';

/** What every limiter is made with. The library counts in seconds. */
export function limiterOptions({ points, window }: Rule): IRateLimiterOptions {
  return { keyPrefix: '', points, duration: window / 1000 };
}

/** What a limiter on a store is made with besides: the tables are there, and counting goes on in memory while they are away. */
export function storeOptions(counted: Counted, rule: Rule) {
  return {
    ...limiterOptions(rule),
    tableName: counted,
    tableCreated: true,
    // The library's own clearing goes on after the end, and ends the process when it fails.
    clearExpiredByTimeout: false,
    // Who asked for everything is refused from memory.
    inMemoryBlockOnConsumed: rule.points,
    insuranceLimiter: new RateLimiterMemory(limiterOptions(rule)),
  };
}
