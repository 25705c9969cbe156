import type { RateLimiterAbstract } from 'rate-limiter-flexible';

/** What is counted; each has a table of its own. */
export type Counted = 'limit_failures' | 'limit_requests';

/** How much of it in which time. */
export interface Rule {
  readonly points: number;
  /** Milliseconds. */
  readonly window: number;
}

/** One counter and until when it counts, in milliseconds since 1970. */
export interface Counter {
  readonly key: string;
  readonly points: number;
  readonly expire: number;
}

/** Where counters lie. */
export interface Counters {
  /** Counts by key. While the store is away it counts in this process alone. */
  limiter(counted: Counted, rule: Rule): RateLimiterAbstract;
  /** The counters that stand at so many points or more. @throws when the store is away */
  reached(counted: Counted, points: number): Promise<readonly Counter[]>;
  /** Removes some of those whose time is over. @throws when the store is away */
  removeExpired(counted: Counted): Promise<void>;
  close(): Promise<void>;
}

/** So many at once that the store is not busy for long. */
const REMOVED_AT_ONCE = 10_000;

// The tables look the same on both databases, and so do the statements.
export const REACHED = (counted: Counted) =>
  `SELECT key, points, expire FROM ${counted} WHERE points >= ? AND expire > ?`;
export const REMOVE_EXPIRED = (counted: Counted) =>
  `DELETE FROM ${counted} WHERE key IN (SELECT key FROM ${counted} WHERE expire <= ? LIMIT ${REMOVED_AT_ONCE})`;
