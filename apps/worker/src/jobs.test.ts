import { platform } from '@claviger/application';
import { configWith } from '@claviger/composition';
import { OPERATOR } from '@claviger/domain';
import {
  countingIds,
  fixedClock,
  memoryDatabase,
  plainBearerSecrets,
  plainFailureGuard,
  plainPasswords,
  plainSecrets,
} from '@claviger/testing';
import { expect, test } from '@jest/globals';
import { jobs } from './jobs.js';

test('what is past its retention is deleted, and nothing else', async () => {
  const database = memoryDatabase();
  const clock = fixedClock();
  const held = platform({
    ...database,
    secrets: plainSecrets(),
    bearerSecrets: plainBearerSecrets(),
    failures: plainFailureGuard(),
    passwords: plainPasswords(),
    ids: countingIds(),
    clock,
  });
  const config = configWith({ 'audit.retention': 1000, 'worker.deleteExpired.every': 60_000 });
  const [job] = jobs(held, config);
  if (!job) throw new Error('there is no job');
  expect([job.name, job.every]).toEqual(['delete-expired', 60_000]);

  await held.createUser(OPERATOR, { userId: 'early' });
  clock.advance(1001);
  await held.createUser(OPERATOR, { userId: 'late' });
  expect(await job.run()).toEqual({ deleted: 1 });
  expect(database.events).toHaveLength(1);
  expect(await job.run()).toBeNull();
});
