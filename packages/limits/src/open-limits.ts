import type { FailureGuard, RequestLimit } from '@claviger/domain';
import type { Counters } from './counters.js';
import { sharedFailureGuard, type FailureRule } from './failure-guard.js';
import { keyedBy } from './key-of.js';
import { memoryCounters } from './memory-counters.js';
import { sharedRequestLimit, type RequestRule } from './request-limit.js';

/** A SQLite file of its own in a folder that is there, or the PostgreSQL database whose migrations made the tables. */
export type CounterPlace =
  { readonly kind: 'sqlite'; readonly file: string } | { readonly kind: 'postgres'; readonly url: string };

export interface LimitsOptions {
  readonly place: CounterPlace;
  /** Under which names are hashed; the same in every process. */
  readonly secret: string;
  readonly failures: FailureRule;
  /** Null: callers may ask for as much as they like. */
  readonly requests: RequestRule | null;
  /** Told once when the store goes away, with the reason, and once with null when it is back. */
  readonly onStore: (trouble: unknown) => void;
  /** Milliseconds between two looks at what other processes counted; a second unless given. */
  readonly lookEvery?: number;
}

export interface Limits {
  readonly failures: FailureGuard;
  readonly requests: RequestLimit | null;
  close(): Promise<void>;
}

/** Milliseconds between two removals of what has expired. */
const REMOVE_EVERY = 30_000;

/**
 * Opens the counters. They guard and must not stop anybody by being away: then each process counts for itself, and
 * authentication goes on.
 */
export async function openLimits(options: LimitsOptions): Promise<Limits> {
  const { place, failures, requests, onStore, lookEvery = 1_000 } = options;
  const keyOf = keyedBy(options.secret);
  const counters = await openCounters(place, onStore);
  const guard = sharedFailureGuard(counters, failures, keyOf);

  let [isAway, removed] = [false, -Infinity];
  const tick = async (): Promise<void> => {
    try {
      await guard.look();
      if (isAway) onStore(null);
      isAway = false;
      if (performance.now() - removed < REMOVE_EVERY) return;
      removed = performance.now();
      await counters.removeExpired('limit_failures');
      await counters.removeExpired('limit_requests');
    } catch (error) {
      if (!isAway) onStore(error);
      isAway = true;
    }
  };

  await tick();
  let looking: Promise<void> | null = null;
  const timer = setInterval(() => {
    // A look that takes longer than the time between two is not overtaken by the next.
    looking ??= tick().finally(() => (looking = null));
  }, lookEvery).unref();

  return {
    failures: guard,
    requests: requests && sharedRequestLimit(counters, requests, keyOf),
    close: async () => {
      clearInterval(timer);
      await looking;
      await counters.close();
    },
  };
}

async function openCounters(place: CounterPlace, onStore: LimitsOptions['onStore']): Promise<Counters> {
  // Each loads its driver: an installation needs one.
  if (place.kind === 'postgres') return (await import('./postgres-counters.js')).openPostgresCounters(place.url);
  try {
    return await (await import('./sqlite-counters.js')).openSqliteCounters(place.file);
  } catch (error) {
    onStore(error);
    return memoryCounters();
  }
}
