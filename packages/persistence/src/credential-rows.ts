import type { Account, Credential, KeyHolder, Superseded } from '@claviger/domain';
import type { HotRead, Row } from './engine.js';
import { wordsOf, type CredentialRow } from './schemas.js';

type Kept = Omit<CredentialRow, 'accountId' | 'position'>;

export function toCredential(row: Kept): Credential {
  return {
    accessKey: row.accessKey,
    sealedSecret: { pepperId: row.secretPepper, mac: row.secretMac },
    secretHint: row.secretHint,
    grantType: row.grantType,
    status: row.status,
    createdAt: row.createdAt,
    expiresAt: row.expiresAt,
    lastUsedAt: row.lastUsedAt,
    lastUsedFrom: row.lastUsedFrom,
    superseded: supersededIn(row),
    warnedOfExpiry: row.warnedOfExpiry,
  };
}

export function fromCredential(credential: Credential, accountId: Account['id'], position: number): CredentialRow {
  const { sealedSecret, superseded, ...own } = credential;
  return {
    ...own,
    accountId,
    position,
    secretPepper: sealedSecret.pepperId,
    secretMac: sealedSecret.mac,
    supersededBy: superseded?.by ?? null,
    supersededAt: superseded?.at ?? null,
    supersededRetire: superseded?.retire ?? null,
    supersededOverlap: superseded?.overlap ?? null,
    supersededExpiry: superseded?.expiresAtBefore ?? null,
  };
}

/** What of a credential can change once it is issued; its last use is noted by a statement of its own. */
export const CHANGEABLE = [
  'status',
  'expiresAt',
  'supersededBy',
  'supersededAt',
  'supersededRetire',
  'supersededOverlap',
  'supersededExpiry',
  'warnedOfExpiry',
] as const satisfies readonly (keyof CredentialRow)[];

/** Of `credentials c`. */
export const CREDENTIAL_COLUMNS = `c.access_key, c.secret_mac, c.secret_pepper, c.secret_hint, c.grant_type, c.status,
  c.created_at, c.expires_at, c.last_used_at, c.last_used_from, c.superseded_by, c.superseded_at, c.superseded_retire,
  c.superseded_overlap, c.superseded_expiry, c.warned_of_expiry`;

const HOLDERS = `SELECT a.app_id, a.owner, a.locked, a.grant_types, a.scope, ${CREDENTIAL_COLUMNS}
  FROM credentials c JOIN accounts a ON a.id = c.account_id`;

export const KEY_HOLDER: HotRead<KeyHolder> = {
  name: 'claviger_key_holder',
  statement: `${HOLDERS} WHERE c.access_key = ?`,
  toValue: ([row]) => toKeyHolder(row),
};

export const KEYS_OF_ACCOUNT: HotRead<readonly KeyHolder[]> = {
  name: 'claviger_keys_of_account',
  statement: `${HOLDERS} WHERE a.app_id_key = ? ORDER BY c.created_at, c.position`,
  toValue: (rows) => rows.map(toKeyHolder),
};

function toKeyHolder(row: Row): KeyHolder {
  return {
    account: {
      appId: row['app_id'] as KeyHolder['account']['appId'],
      owner: row['owner'] as KeyHolder['account']['owner'],
      locked: Boolean(row['locked']),
      grantTypes: wordsOf(row['grant_types'] as string) as KeyHolder['account']['grantTypes'],
      scope: wordsOf(row['scope'] as string) as KeyHolder['account']['scope'],
    },
    credential: credentialIn(row),
  };
}

/** From a row as the drivers give it, with {@link CREDENTIAL_COLUMNS}. */
export function credentialIn(row: Row): Credential {
  return toCredential({
    accessKey: row['access_key'] as Kept['accessKey'],
    secretMac: row['secret_mac'] as string,
    secretPepper: row['secret_pepper'] as string,
    secretHint: row['secret_hint'] as string,
    grantType: row['grant_type'] as Kept['grantType'],
    status: row['status'] as Kept['status'],
    createdAt: Number(row['created_at']),
    expiresAt: optionalNumber(row['expires_at']),
    lastUsedAt: optionalNumber(row['last_used_at']),
    lastUsedFrom: row['last_used_from'] as Kept['lastUsedFrom'],
    supersededBy: row['superseded_by'] as Kept['supersededBy'],
    supersededAt: optionalNumber(row['superseded_at']),
    supersededRetire: row['superseded_retire'] as Kept['supersededRetire'],
    supersededOverlap: optionalNumber(row['superseded_overlap']),
    supersededExpiry: optionalNumber(row['superseded_expiry']),
    warnedOfExpiry: optionalNumber(row['warned_of_expiry']),
  });
}

function supersededIn(row: Kept): Superseded | null {
  const { supersededBy: by, supersededAt: at, supersededRetire: retire, supersededOverlap: overlap } = row;
  if (by === null || at === null || retire === null || overlap === null) return null;
  return { by, at, retire, overlap, expiresAtBefore: row.supersededExpiry };
}

function optionalNumber(value: unknown): number | null {
  return value === null ? null : Number(value);
}
