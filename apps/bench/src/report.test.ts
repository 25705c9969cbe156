import { expect, it } from '@jest/globals';
import { tableOf } from './report.js';

const turn = (cpuPerRequest: number, p99 = 3) => ({ requestsPerSecond: 100, cpuPerRequest, p99, memory: 50 });

it('compares each launch with the first variant of its group, and tells medians', () => {
  const bare = { name: 'bare', samples: [turn(10), turn(20), turn(30)] };
  const ours = { name: 'ours', samples: [turn(20, 6), turn(25, 6), turn(300, 6)] };
  const other = { name: 'other', samples: [turn(7)] };
  const [, , first, second, third] = tableOf([[bare, ours], [other]]).split('\n');
  expect(first).toBe('| bare | 100 | 20 | 1.00 | 1.00 to 1.00 | 3.0 | 1.0 | 50 |');
  expect(second).toBe('| ours | 100 | 25 | 0.50 | 0.10 to 0.80 | 6.0 | 2.0 | 50 |');
  expect(third).toBe('| other | 100 | 7 | 1.00 | 1.00 to 1.00 | 3.0 | 1.0 | 50 |');
});
