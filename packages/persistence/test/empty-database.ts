import type { Database } from '../src/index.js';

/** Takes everything out of an opened database through its own stores, so that each test finds it empty. */
export async function emptied(database: Database): Promise<Database> {
  await database.unitOfWork.run(async ({ accounts, users, audit }) => {
    const by = { kind: 'operator', userId: null, appId: null } as const;
    for (const account of await database.accounts.list({}, { limit: 1000, after: null }))
      await accounts.remove(account, { name: 'account.deleted', at: 0, by });
    for (const user of await database.users.list({ limit: 1000, after: null }))
      await users.remove(user, { name: 'user.deleted', at: 0, by });
    await audit.removeBefore(Number.MAX_SAFE_INTEGER, 1_000_000);
  });
  return database;
}
