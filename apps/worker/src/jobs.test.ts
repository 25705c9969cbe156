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
  USUAL_POLICY,
} from '@claviger/testing';
import { expect, test } from '@jest/globals';
import { jobs } from './jobs.js';

function world() {
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
    policy: USUAL_POLICY,
  });
  return { held, database, clock };
}

test('what is past its retention is deleted, and nothing else', async () => {
  const { held, database, clock } = world();
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

test('old credentials that waited for silence and have been quiet are retired', async () => {
  const { held, clock } = world();
  const job = jobs(held, configWith({ 'worker.retireIdle.every': 5_000 }))[1];
  if (!job) throw new Error('there is no such job');
  expect([job.name, job.every]).toEqual(['retire-idle', 5_000]);

  const { keyPairs } = await held.createAccount(OPERATOR, { appId: 'builds', authorizationGrantTypes: ['PLATFORM'] });
  for (const { accessKey } of keyPairs)
    await held.rotateCredential(OPERATOR, { appId: 'builds', accessKey, overlap: 0, retire: 'after-idle' });
  expect(await job.run()).toBeNull();
  clock.advance(3_600_000);
  expect(await job.run()).toEqual({ retired: 1 });
  for (const pair of keyPairs)
    expect(await held.checkCredential(OPERATOR, pair)).toMatchObject({ valid: false, because: 'expired' });
  expect(await job.run()).toBeNull();
});
