import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Counters } from './counters.js';
import { limiterOptions } from './limiter-options.js';

/** Counts in this process alone: for when the file cannot be used. */
export function memoryCounters(): Counters {
  return {
    limiter: (_counted, rule) => new RateLimiterMemory(limiterOptions(rule)),
    reached: async () => [],
    removeExpired: async () => undefined,
    close: async () => undefined,
  };
}
