import {
  PlatformError,
  type AccountId,
  type ArtifactHash,
  type Authorization,
  type GrantedArtifact,
  type GrantedKind,
  type OAuthArtifact,
  type OAuthArtifactReader,
  type OAuthArtifactStore,
  type UserId,
} from '@claviger/domain';
import { In, type EntityManager } from 'typeorm';
import { userIn } from './bearer-rows.js';
import { translated } from './database-errors.js';
import type { Engine, HotRead, Row } from './engine.js';
import { AUTHORIZATIONS, wordsOf } from './schemas.js';
import { changedBy, isPostgres, rowsOf } from './statement.js';

const COLUMNS = 'kind, id_hash, grant_hash, user_id, account_id, scope, payload, expires_at, consumed_at';

/** Nothing lives longer than the grant that it belongs to. */
const END = 'CASE WHEN g.expires_at < o.expires_at THEN g.expires_at ELSE o.expires_at END AS expires_at';

const GRANTED = `SELECT ${COLUMNS.replaceAll(/(\w+)/g, 'o.$1').replace('o.expires_at', END)}, a.app_id, a.scope AS account_scope,
  a.locked AS account_locked, a.grant_types, u.admin, u.locked
  FROM oauth_artifacts o LEFT JOIN oauth_artifacts g ON g.kind = 'Grant' AND g.id_hash = o.grant_hash JOIN accounts a ON a.id = o.account_id JOIN users u ON u.user_id = o.user_id
  WHERE o.id_hash =`;

const BEARER_GRANT: HotRead<GrantedArtifact> = {
  name: 'claviger_bearer_grant',
  statement: `${GRANTED} ? AND o.kind = 'AccessToken'`,
  toValue: ([row]) => toGranted(row),
};

export class TypeOrmArtifactReader implements OAuthArtifactReader {
  constructor(private readonly engine: Engine) {}

  async find(kind: string, idHash: ArtifactHash): Promise<OAuthArtifact | null> {
    const statement = `SELECT ${COLUMNS} FROM oauth_artifacts WHERE kind = $1 AND id_hash = $2`;
    const [row] = await this.engine.read((manager) => rowsOf(manager, statement, [kind, idHash]));
    return row ? toArtifact(row) : null;
  }

  async findGranted(kind: GrantedKind, idHash: ArtifactHash): Promise<GrantedArtifact | null> {
    if (kind === 'AccessToken') return this.engine.find(BEARER_GRANT, idHash);
    // Whether a code or a refresh token was used before is not to be answered from memory.
    const [row] = await this.engine.read((manager) => rowsOf(manager, `${GRANTED} $1 AND o.kind = $2`, [idHash, kind]));
    return row ? toGranted(row) : null;
  }

  async authorizationsOf(userId: UserId, accountIds: readonly AccountId[]): Promise<readonly Authorization[]> {
    const where = { userId, accountId: In(accountIds) };
    return this.engine.read((manager) => manager.findBy(AUTHORIZATIONS, where));
  }

  authorization(userId: UserId, accountId: AccountId): Promise<Authorization | null> {
    return this.engine.read((manager) => manager.findOneBy(AUTHORIZATIONS, { userId, accountId }));
  }
}

/** The artifacts of one open transaction. */
export class TypeOrmArtifactStore implements OAuthArtifactStore {
  constructor(private readonly manager: EntityManager) {}

  async put(artifact: OAuthArtifact): Promise<void> {
    const { kind, idHash, grantHash, userId, accountId, scope, payload, expiresAt, consumedAt } = artifact;
    await this.demandPair(userId, accountId);
    if (grantHash !== null && kind !== 'Grant') await this.demandGrant(grantHash);
    const statement = `INSERT INTO oauth_artifacts (${COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      ON CONFLICT (kind, id_hash) DO UPDATE SET grant_hash = excluded.grant_hash, user_id = excluded.user_id,
        account_id = excluded.account_id, scope = excluded.scope, payload = excluded.payload, expires_at = excluded.expires_at,
        consumed_at = COALESCE(oauth_artifacts.consumed_at, excluded.consumed_at)`;
    const values = [kind, idHash, grantHash, userId, accountId, scope.join(), payload, expiresAt, consumedAt];
    await translated(changedBy(this.manager, statement, values), 'authorization_missing');
  }

  async consume(kind: string, idHash: ArtifactHash, at: number): Promise<boolean> {
    const statement = `UPDATE oauth_artifacts SET consumed_at = $3
      WHERE kind = $1 AND id_hash = $2 AND consumed_at IS NULL`;
    return (await changedBy(this.manager, statement, [kind, idHash, at])) === 1;
  }

  async remove(kind: string, idHash: ArtifactHash): Promise<void> {
    await changedBy(this.manager, 'DELETE FROM oauth_artifacts WHERE kind = $1 AND id_hash = $2', [kind, idHash]);
  }

  async revokeGrant(grantHash: ArtifactHash): Promise<void> {
    // First the grant itself: that waits for whoever is putting something into it, which the second statement then sees.
    await this.remove('Grant', grantHash);
    await removeArtifacts(this.manager, 'grant_hash', grantHash);
  }

  removeExpired(at: number, limit: number): Promise<number> {
    const statement = `DELETE FROM oauth_artifacts WHERE (kind, id_hash) IN
      (SELECT kind, id_hash FROM oauth_artifacts WHERE expires_at < $1 ORDER BY expires_at LIMIT $2)`;
    return changedBy(this.manager, statement, [at, limit]);
  }

  /** Whoever locks one of them, or takes the authorization back, waits for this transaction, and then removes what it wrote. */
  private async demandPair(userId: UserId | null, accountId: AccountId | null): Promise<void> {
    if (accountId !== null) await this.demand(`SELECT id FROM accounts WHERE id = $1 AND ${IS_CLIENT}`, accountId);
    if (userId !== null) await this.demand('SELECT user_id FROM users WHERE user_id = $1 AND NOT locked', userId);
    if (accountId !== null && userId !== null)
      await this.demand('SELECT user_id FROM authorizations WHERE user_id = $1 AND account_id = $2', userId, accountId);
  }

  private async demandGrant(grantHash: ArtifactHash): Promise<void> {
    await this.demand("SELECT id_hash FROM oauth_artifacts WHERE kind = 'Grant' AND id_hash = $1", grantHash);
  }

  private async demand(statement: string, ...values: unknown[]): Promise<void> {
    const locking = isPostgres(this.manager) ? `${statement} FOR SHARE` : statement;
    if ((await rowsOf(this.manager, locking, values)).length === 0) throw new PlatformError('authorization_missing');
  }
}

/** As `isClient` in the domain: not locked, and of the type AUTHORIZATION_CODE, alone or not. */
const IS_CLIENT = "NOT locked AND ',' || grant_types || ',' LIKE '%,AUTHORIZATION_CODE,%'";

export async function removeArtifacts(
  manager: EntityManager,
  column: 'account_id' | 'user_id' | 'grant_hash',
  value: string,
): Promise<void> {
  await changedBy(manager, `DELETE FROM oauth_artifacts WHERE ${column} = $1`, [value]);
}

function toArtifact(row: Row): OAuthArtifact {
  return {
    kind: String(row['kind']),
    idHash: row['id_hash'] as OAuthArtifact['idHash'],
    grantHash: row['grant_hash'] as OAuthArtifact['grantHash'],
    userId: row['user_id'] as OAuthArtifact['userId'],
    accountId: row['account_id'] as OAuthArtifact['accountId'],
    scope: wordsOf(row['scope'] as string) as OAuthArtifact['scope'],
    payload: String(row['payload']),
    expiresAt: Number(row['expires_at']),
    consumedAt: row['consumed_at'] === null ? null : Number(row['consumed_at']),
  };
}

function toGranted(row: Row): GrantedArtifact {
  return {
    artifact: toArtifact(row),
    account: {
      id: row['account_id'] as AccountId,
      appId: row['app_id'] as GrantedArtifact['account']['appId'],
      scope: wordsOf(row['account_scope'] as string) as GrantedArtifact['account']['scope'],
      locked: Boolean(row['account_locked']),
      grantTypes: wordsOf(row['grant_types'] as string) as GrantedArtifact['account']['grantTypes'],
    },
    user: userIn(row),
  };
}
