import { expect, it } from '@jest/globals';
import { tableOf } from './report.js';

const turn = (requestsPerSecond: number, cpuPerRequest: number) => ({ requestsPerSecond, cpuPerRequest, p99: 3 });

it('compares medians with the first variant of each group', () => {
  const bare = { name: 'bare', samples: [turn(100, 10), turn(1000, 20), turn(120, 30)] };
  const ours = { name: 'ours', samples: [turn(60, 40), turn(1, 40), turn(90, 40)] };
  const other = { name: 'other', samples: [turn(30, 7)] };
  const [, , first, second, third] = tableOf([[bare, ours], [other]]).split('\n');
  expect(first).toBe('| bare | 120 | 1.00 | 20 | 1.00 | 3 |');
  expect(second).toBe('| ours | 60 | 0.50 | 40 | 0.50 | 3 |');
  expect(third).toBe('| other | 30 | 1.00 | 7 | 1.00 | 3 |');
});
