import { appIdKey, type Account, type Credential, type KeyHolder } from '@claviger/domain';
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

export function toCredential(row: CredentialRow): Credential {
  return {
    accessKey: row.accessKey,
    sealedSecret: { pepperId: row.secretPepper, mac: row.secretMac },
    secretHint: row.secretHint,
    grantType: row.grantType,
    status: row.status,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
  };
}

export function fromCredential(credential: Credential, accountId: Account['id'], position: number): CredentialRow {
  const { sealedSecret, ...own } = credential;
  return { ...own, accountId, position, secretPepper: sealedSecret.pepperId, secretMac: sealedSecret.mac };
}

export const KEY_HOLDER = {
  name: 'claviger_key_holder',
  statement: `SELECT a.app_id, a.owner, a.locked, a.grant_types, a.scope, c.access_key, c.secret_mac, c.secret_pepper,
    c.secret_hint, c.grant_type, c.status, c.created_at, c.expires_at
    FROM credentials c JOIN accounts a ON a.id = c.account_id WHERE c.access_key = ?`,
};

/** A row of {@link KEY_HOLDER} as the drivers give it: SQLite's booleans are numbers, PostgreSQL's long numbers texts. */
export function toKeyHolder(row: Row): KeyHolder {
  return {
    account: {
      appId: row['app_id'] as KeyHolder['account']['appId'],
      owner: row['owner'] as KeyHolder['account']['owner'],
      locked: Boolean(row['locked']),
      grantTypes: wordsOf(row['grant_types'] as string) as KeyHolder['account']['grantTypes'],
      scope: wordsOf(row['scope'] as string) as KeyHolder['account']['scope'],
    },
    credential: {
      accessKey: row['access_key'] as Credential['accessKey'],
      sealedSecret: { pepperId: row['secret_pepper'] as string, mac: row['secret_mac'] as string },
      secretHint: row['secret_hint'] as string,
      grantType: row['grant_type'] as Credential['grantType'],
      status: row['status'] as Credential['status'],
      createdAt: Number(row['created_at']),
      expiresAt: row['expires_at'] === null ? null : Number(row['expires_at']),
    },
  };
}
