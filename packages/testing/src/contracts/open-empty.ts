import type { Account, AccountEvent, Stores, User } from '@claviger/domain';
import { anAccount, anEvent, aUser, aUserEvent } from '../builders.js';
import type { Database } from '../memory-database.js';

/** Gives a database without accounts, users, authorizations or records; called before each test. */
export type OpenEmpty = () => Promise<Database>;

/** An account as it was handed to the store, in a unit of its own. */
export async function given(database: Database, told: Parameters<typeof anAccount>[0] = {}): Promise<Account> {
  const account = anAccount(told);
  await database.unitOfWork.run(({ accounts }) => accounts.add(account, anEvent('account.opened')));
  return account;
}

/** A user as it was handed to the store, in a unit of its own. */
export async function givenUser(database: Database, told: Parameters<typeof aUser>[0] = {}): Promise<User> {
  const user = aUser(told);
  await database.unitOfWork.run(({ users }) => users.add(user, aUserEvent()));
  return user;
}

/** Finds an account, changes it and saves it: what most use cases do. */
export async function amend(
  { accounts }: Stores,
  account: Account,
  change: (found: Account) => Account,
  because: AccountEvent = anEvent(),
): Promise<void> {
  const found = await accounts.find(account.appId);
  if (!found) throw new Error(`${account.appId} is not there`);
  await accounts.save(change(found), because);
}
