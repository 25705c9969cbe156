import { describe, expect, test } from '@jest/globals';
import { anAccount, anEvent } from './builders.js';
import { databaseContract } from './contracts/index.js';
import { memoryDatabase } from './memory-database.js';

describe('the database in memory', () => {
  databaseContract(async () => memoryDatabase());

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
    expect(database.events).toEqual([opened]);
  });
});
