import { describe, expect, test } from '@jest/globals';
import { anAccount, anEvent } from './builders.js';
import { databaseContract } from './contracts/index.js';
import { memoryDatabase } from './memory-database.js';

describe('the database in memory', () => {
  databaseContract(
    async () => memoryDatabase(),
    async ({ jobs }) => {
      const due = jobs.map(({ at }) => at).filter((at) => at <= Date.now());
      return { due: due.length, oldest: due.length === 0 ? null : Math.min(...due) };
    },
  );

  test('tells what was written with why, and nothing of units that failed', async () => {
    const database = memoryDatabase();
    const [account, opened] = [anAccount(), anEvent('account.opened')];
    await database.unitOfWork.run(({ accounts }) => accounts.add(account, opened));
    await expect(
      database.unitOfWork.run(async ({ accounts }) => {
        await accounts.remove(account, anEvent('account.deleted'));
        throw new Error('late');
      }),
    ).rejects.toThrow('late');
    expect(database.events.map(({ name }) => name)).toEqual([opened.name]);
  });
});
