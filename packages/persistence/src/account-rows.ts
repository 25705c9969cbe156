import { appIdKey, type Account, type Credential } from '@claviger/domain';
import { credentialIn, CREDENTIAL_COLUMNS, toCredential } from './credential-rows.js';
import type { Row } from './engine.js';
import { wordsOf, type AccountRow, type CredentialRow } from './schemas.js';

export function toAccount(row: AccountRow, credentials: readonly CredentialRow[]): Account {
  return {
    id: row.id,
    appId: row.appId,
    owner: row.owner,
    locked: row.locked,
    grantTypes: row.grantTypes,
    scope: row.scope,
    homepageUrl: row.homepageUrl,
    redirectUri: row.redirectUri,
    avatarUrl: row.avatarUrl,
    description: row.description,
    credentials: credentials.map(toCredential),
    createdAt: row.createdAt,
    lastModifiedAt: row.lastModifiedAt,
    version: row.version,
  };
}

/**
 * Accounts with their credentials, a row for each credential and one for an account without. TypeORM would need most of
 * the time of a list for making entities of them.
 */
export const selectAccounts = (where: string): string =>
  `SELECT a.id, a.app_id, a.owner, a.locked, a.grant_types, a.scope, a.homepage_url, a.redirect_uri, a.avatar_url,
    a.description, a.created_at AS opened_at, a.last_modified_at, a.version, ${CREDENTIAL_COLUMNS}
   FROM accounts a LEFT JOIN credentials c ON c.account_id = a.id
   WHERE ${where} ORDER BY a.id, c.created_at, c.position`;

/** @param rows of {@link selectAccounts}, as the drivers give them */
export function accountsIn(rows: readonly Row[]): readonly Account[] {
  const accounts: Account[] = [];
  let credentials: Credential[] = [];
  for (const row of rows) {
    if (row['id'] !== accounts.at(-1)?.id) {
      credentials = [];
      accounts.push(accountIn(row, credentials));
    }
    if (row['access_key'] !== null) credentials.push(credentialIn(row));
  }
  return accounts;
}

function accountIn(row: Row, credentials: readonly Credential[]): Account {
  return {
    id: row['id'] as Account['id'],
    appId: row['app_id'] as Account['appId'],
    owner: row['owner'] as Account['owner'],
    locked: Boolean(row['locked']),
    grantTypes: wordsOf(row['grant_types'] as string) as unknown as Account['grantTypes'],
    scope: wordsOf(row['scope'] as string) as unknown as Account['scope'],
    homepageUrl: row['homepage_url'] as string | null,
    redirectUri: row['redirect_uri'] as string | null,
    avatarUrl: row['avatar_url'] as string | null,
    description: row['description'] as string | null,
    credentials,
    createdAt: Number(row['opened_at']),
    lastModifiedAt: Number(row['last_modified_at']),
    version: Number(row['version']),
  };
}

export function fromAccount(account: Account): AccountRow {
  return {
    id: account.id,
    appId: account.appId,
    appIdKey: appIdKey(account.appId),
    owner: account.owner,
    locked: account.locked,
    grantTypes: account.grantTypes,
    scope: account.scope,
    homepageUrl: account.homepageUrl,
    redirectUri: account.redirectUri,
    avatarUrl: account.avatarUrl,
    description: account.description,
    descriptionKey: account.description?.toLowerCase() ?? null,
    createdAt: account.createdAt,
    lastModifiedAt: account.lastModifiedAt,
    version: account.version,
  };
}
