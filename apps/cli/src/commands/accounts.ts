import { accountJson, type AccountJson, type DisclosedAccount } from '@claviger/application';
import { OPERATOR, type AccountStatement } from '@claviger/domain';
import { confirm } from '../ask.js';
import { durationIn } from '../duration.js';
import type { Session } from '../session.js';
import { accountsTable, accountTable } from '../tables.js';

export interface AccountOptions {
  readonly grant?: readonly string[];
  readonly scope?: readonly string[];
  readonly homepageUrl?: string;
  readonly redirectUri?: string;
  readonly avatarUrl?: string;
  readonly description?: string;
  readonly locked?: boolean;
}

export interface CreateAccountOptions extends AccountOptions {
  readonly grant: readonly string[];
  readonly owner?: string;
}

export interface ListAccountsOptions {
  readonly owner?: string;
  readonly grant?: string;
  readonly scope?: string;
  readonly locked?: boolean;
  readonly unlocked?: boolean;
  readonly search?: string;
  readonly expiringWithin?: string;
  readonly unusedSince?: string;
  readonly neverUsed?: true;
  readonly limit?: number;
  readonly cursor?: string;
}

export async function createAccount(session: Session, appId: string, options: CreateAccountOptions): Promise<void> {
  const platform = await session.platform();
  const made = await platform.createAccount(OPERATOR, statement(appId, options.grant, options), options.owner);
  await printAccount(session, made);
}

export async function listAccounts(session: Session, options: ListAccountsOptions): Promise<void> {
  const platform = await session.platform();
  const { owner, grant, scope, search, unusedSince, neverUsed, limit, cursor } = options;
  const locked = options.locked ?? (options.unlocked ? false : undefined);
  const expiringWithin = durationIn('--expiring-within', options.expiringWithin);
  const seldom = { expiringWithin, unusedSince, neverUsed };
  const query = { owner, grantType: grant, scope, locked, q: search, ...seldom, limit, cursor };
  const found = await platform.listAccounts(OPERATOR, query);
  const accounts: AccountJson[] = [];
  for await (const account of found.accounts) accounts.push(accountJson(account));
  await session.print(accounts, () => {
    if (accounts.length > 0) return accountsTable(accounts);
    const chosen = Object.keys(options).length > 0;
    session.tell(
      chosen
        ? 'No account is like that.'
        : 'There are no accounts yet. To open one: claviger account create <appId> --grant PLATFORM',
    );
    return '';
  });
  if (found.next) session.tell(`${accounts.length} of ${found.total}. To go on: --cursor ${found.next}`);
}

export async function showAccount(session: Session, appId: string): Promise<void> {
  const platform = await session.platform();
  await printAccount(session, { account: await platform.showAccount(OPERATOR, { appId }), keyPairs: [] });
}

export async function updateAccount(session: Session, appId: string, options: AccountOptions): Promise<void> {
  const platform = await session.platform();
  // The use case wants the grant types stated; who does not mention them means the present ones.
  const grant = options.grant ?? (await platform.showAccount(OPERATOR, { appId })).grantTypes;
  await printAccount(session, await platform.updateAccount(OPERATOR, statement(appId, grant, options)));
}

export async function lockAccount(session: Session, appId: string, locked: boolean): Promise<void> {
  const platform = await session.platform();
  await platform.lockAccount(OPERATOR, { appId, locked });
  await session.print(true);
}

export async function deleteAccount(session: Session, appId: string): Promise<void> {
  const platform = await session.platform();
  const account = await platform.showAccount(OPERATOR, { appId });
  await confirm(session, `Delete the account ${account.appId} and its ${account.credentials.length} key(s)?`);
  await platform.deleteAccount(OPERATOR, { appId });
  await session.print(true);
}

export async function transferAccount(session: Session, appId: string, owner: string): Promise<void> {
  const platform = await session.platform();
  await platform.transferAccount(OPERATOR, { appId, owner });
  await session.print(true);
}

function statement(appId: string, grant: readonly string[], options: AccountOptions): AccountStatement {
  const { scope, homepageUrl, redirectUri, avatarUrl, description, locked } = options;
  return { appId, authorizationGrantTypes: grant, scope, homepageUrl, redirectUri, avatarUrl, description, locked };
}

async function printAccount(session: Session, { account, keyPairs }: DisclosedAccount): Promise<void> {
  const json = accountJson(account, keyPairs);
  await session.print(json, () => accountTable(json));
  if (keyPairs.length > 0)
    session.tell(
      keyPairs.length === 1
        ? 'The secret of the new key is shown only this once: keep it now.'
        : `The secrets of the ${keyPairs.length} new keys are shown only this once: keep them now.`,
    );
}
