import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { platformHeaders } from './answer.js';
import { freshFolder, startFirst, type ApiProcess } from './api-process.js';
import { PASSWORD } from './known-user.js';

const ROOT = '/auth/api/user';
const ROUNDS = 15;

let folder: ReturnType<typeof freshFolder>;
let api: ApiProcess;

beforeAll(async () => {
  folder = freshFolder();
  const first = await startFirst({ cwd: folder.cwd, env: { CLAVIGER_LIMITS_ENABLED: 'false' } });
  api = first;
  const as = platformHeaders(first.system, 'admin');
  for (const userId of ['alice', 'locked']) {
    const { status } = await api.call('POST', `${ROOT}/create`, { as, body: { userId, password: PASSWORD } });
    expect(status).toBe(201);
  }
  await api.call('POST', `${ROOT}/create`, { as, body: { userId: 'without' } });
  await api.call('PUT', `${ROOT}/update`, { as, body: { userId: 'locked', locked: true } });
});
afterAll(async () => {
  await api.stop();
  folder.remove();
});

test('nobody can tell by the time it takes whether there is such a user, with a password, or locked', async () => {
  const tries = { alice: [] as number[], nobody: [] as number[], locked: [] as number[], without: [] as number[] };
  const names = Object.keys(tries) as (keyof typeof tries)[];
  for (let round = -2; round < ROUNDS; round++)
    for (const userId of names) {
      const begun = performance.now();
      const { status } = await api.call('POST', `${ROOT}/login`, { body: { userId, password: 'wrong' } });
      if (round >= 0) tries[userId].push(performance.now() - begun);
      expect(status).toBe(401);
    }
  const medians = names.map((name) => median(tries[name]));
  // A hash takes most of the time: without one an answer would be many times as fast.
  expect(Math.max(...medians) / Math.min(...medians)).toBeLessThan(1.6);
}, 60_000);

function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[Math.floor(times.length / 2)] ?? NaN;
}
