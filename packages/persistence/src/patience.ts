import { setTimeout as delay } from 'node:timers/promises';

/** Until when something is worth waiting for; milliseconds of a clock that never jumps. */
export function deadlineIn(ms: number): number {
  return performance.now() + ms;
}

export function isOver(deadline: number): boolean {
  return performance.now() >= deadline;
}

/**
 * Tries until it works, fails for a reason that waiting does not mend, or the deadline is over. The pauses grow from
 * `first` to `longest` milliseconds and are random, so that two who wait for each other do not meet again and again.
 */
export async function retryUntil<T>(
  deadline: number,
  pauses: { first: number; longest: number },
  isWorthWaiting: (error: unknown) => boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (let longest = pauses.first; ; longest = Math.min(longest * 2, pauses.longest)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isWorthWaiting(error) || isOver(deadline)) throw error;
      await delay(longest * (0.5 + Math.random() / 2));
    }
  }
}
