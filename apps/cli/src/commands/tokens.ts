import { tokenJson, type TokenJson } from '@claviger/application';
import { OPERATOR } from '@claviger/domain';
import { confirm } from '../ask.js';
import type { Session } from '../session.js';
import { tokensTable } from '../tables.js';

export interface ListTokensOptions {
  readonly user?: string;
}

export async function listTokens(session: Session, { user }: ListTokensOptions): Promise<void> {
  const platform = await session.platform();
  const tokens: TokenJson[] = [];
  for await (const token of await platform.listTokens(OPERATOR, { userId: user })) tokens.push(tokenJson(token));
  await session.print(tokens, () => {
    if (tokens.length > 0) return tokensTable(tokens);
    session.tell(user === undefined ? 'There are no access tokens.' : `${user} has no access tokens.`);
    return '';
  });
}

export async function revokeToken(session: Session, id: string): Promise<void> {
  const platform = await session.platform();
  await confirm(session, `Revoke the access token ${id}?`);
  await platform.revokeToken(OPERATOR, { id });
  await session.print(true);
}
