import { authorizedAccountJson, type AuthorizedAccountJson } from '@claviger/application';
import { OPERATOR } from '@claviger/domain';
import { confirm } from '../ask.js';
import type { Session } from '../session.js';
import { authorizationsTable } from '../tables.js';

export async function listAuthorizations(session: Session, userId: string): Promise<void> {
  const platform = await session.platform();
  const { accounts } = await platform.listAuthorizedAccounts(OPERATOR, { userId });
  const found: AuthorizedAccountJson[] = [];
  for await (const account of accounts) found.push(authorizedAccountJson(account));
  await session.print(found, () => {
    if (found.length > 0) return authorizationsTable(found);
    session.tell(`${userId} has authorized no application.`);
    return '';
  });
}

export async function revokeAuthorization(session: Session, userId: string, appId: string): Promise<void> {
  const platform = await session.platform();
  await confirm(session, `Uninstall ${appId} for ${userId}?`);
  await platform.uninstallAccount(OPERATOR, { userId, appId });
  await session.print(true);
}
