import type { Account, AccountEvent, AuditRecord, Stores, User, Webhook } from '@claviger/domain';
import { anAccount, anEvent, aUser, aUserEvent, aWebhook, aWebhookEvent } from '../builders.js';
import type { Database } from '../memory-database.js';

/** Gives a database in which nothing is kept; called before each test. */
export type OpenEmpty<Opened extends Database = Database> = () => Promise<Opened>;

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

/** A webhook as it was handed to the store, in a unit of its own. */
export async function givenWebhook(database: Database, told: Parameters<typeof aWebhook>[0] = {}): Promise<Webhook> {
  const webhook = aWebhook(told);
  await database.unitOfWork.run(({ webhooks }) => webhooks.add(webhook, aWebhookEvent()));
  return webhook;
}

/** Every record, in the order of writing. */
export async function recordsIn(database: Database): Promise<readonly AuditRecord[]> {
  return (await database.audit.list({}, { limit: 10_000, after: null })).toReversed();
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
