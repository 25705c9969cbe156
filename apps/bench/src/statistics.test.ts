import { expect, test } from '@jest/globals';
import { percentile, slope } from './statistics.js';

test('a percentile is the value below which that many lie', () => {
  const sorted = Array.from({ length: 100 }, (_, value) => value);
  expect([0, 50, 99, 100].map((percent) => percentile(sorted, percent))).toEqual([0, 50, 99, 99]);
});

test('the slope is by how much values grow', () => {
  expect(
    slope([
      [0, 5],
      [1, 7],
      [2, 9],
    ]),
  ).toBeCloseTo(2);
  expect(
    slope([
      [0, 5],
      [1, 6],
      [2, 5],
    ]),
  ).toBeCloseTo(0);
});
