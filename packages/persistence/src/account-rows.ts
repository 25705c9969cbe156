import { appIdKey, type Account } from '@claviger/domain';
import { toCredential } from './credential-rows.js';
import type { AccountRow, CredentialRow } from './schemas.js';

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

export function fromAccount(account: Account): Omit<AccountRow, 'credentials'> {
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
