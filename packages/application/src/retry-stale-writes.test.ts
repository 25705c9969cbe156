import { PlatformError, type UnitOfWork } from '@claviger/domain';
import { memoryDatabase } from '@claviger/testing';
import { expect, it } from '@jest/globals';
import { retryStaleWrites } from './retry-stale-writes.js';

/** Refuses the first writes as if somebody else had been faster. */
function contended(staleWrites: number, code: 'write_was_stale' | 'account_exists' = 'write_was_stale') {
  const { unitOfWork } = memoryDatabase();
  let runs = 0;
  const stale: UnitOfWork = {
    run: (work) =>
      unitOfWork.run(async (stores) => {
        if (++runs <= staleWrites) throw new PlatformError(code);
        return work(stores);
      }),
  };
  return { unitOfWork: retryStaleWrites(stale), runs: () => runs };
}

it('runs a stale unit of work anew, three times at most', async () => {
  const lucky = contended(3);
  expect(await lucky.unitOfWork.run(async () => 'done')).toBe('done');
  expect(lucky.runs()).toBe(4);
  const unlucky = contended(4);
  await expect(unlucky.unitOfWork.run(async () => 'done')).rejects.toMatchObject({ code: 'write_was_stale' });
  expect(unlucky.runs()).toBe(4);
});

it('runs nothing anew for any other reason', async () => {
  const taken = contended(1, 'account_exists');
  await expect(taken.unitOfWork.run(async () => 'done')).rejects.toMatchObject({ code: 'account_exists' });
  expect(taken.runs()).toBe(1);
});
