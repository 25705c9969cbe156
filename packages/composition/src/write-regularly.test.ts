import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { writeRegularly } from './write-regularly.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test('what was noted is written every half minute, and a last time at the end', async () => {
  let written = 0;
  const writing = writeRegularly(async () => void (written += 1));
  await jest.advanceTimersByTimeAsync(29_999);
  expect(written).toBe(0);
  await jest.advanceTimersByTimeAsync(30_001);
  expect(written).toBe(2);
  await writing.stop();
  expect(written).toBe(3);
  await jest.advanceTimersByTimeAsync(600_000);
  expect(written).toBe(3);
});

test('what fails is tried again at the next turn, and ends nothing', async () => {
  let attempts = 0;
  const writing = writeRegularly(async () => {
    attempts += 1;
    throw new Error('away');
  });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(attempts).toBe(2);
  await writing.stop();
  expect(attempts).toBe(3);
});
