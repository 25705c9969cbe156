import { describe, expect, test } from '@jest/globals';
import { deadlineIn, isOver, retryUntil } from './patience.js';

describe('patience', () => {
  const pauses = { first: 1, longest: 2 };
  /** Fails that often, then works. */
  const failing = (times: number) => {
    let left = times;
    return async () => {
      if (left-- > 0) throw new Error('not yet');
      return 'there';
    };
  };

  test('tries until it works', async () => {
    expect(await retryUntil(deadlineIn(10_000), pauses, () => true, failing(5))).toBe('there');
  });

  test('ends with the last error when the time is over', async () => {
    await expect(retryUntil(deadlineIn(20), pauses, () => true, failing(Infinity))).rejects.toThrow('not yet');
  });

  test('tries once when there is no time at all', async () => {
    expect(await retryUntil(deadlineIn(0), pauses, () => true, failing(0))).toBe('there');
    await expect(retryUntil(deadlineIn(0), pauses, () => true, failing(1))).rejects.toThrow('not yet');
  });

  test('ends at once for a reason that waiting does not mend', async () => {
    await expect(retryUntil(deadlineIn(10_000), pauses, () => false, failing(1))).rejects.toThrow('not yet');
  });

  test('knows when its time is over', () => {
    expect(isOver(deadlineIn(1_000))).toBe(false);
    expect(isOver(deadlineIn(0))).toBe(true);
  });
});
