import type {
  AccessToken,
  BearerMac,
  Page,
  TokenEvent,
  TokenId,
  TokenReader,
  TokenStore,
  UserId,
} from '@claviger/domain';
import { MoreThan, type EntityManager } from 'typeorm';
import { TOKEN_BEARER, toTokenBearer } from './bearer-rows.js';
import { translated } from './database-errors.js';
import type { Engine } from './engine.js';
import { removeOldest } from './remove-oldest.js';
import { TOKENS } from './schemas.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';

export class TypeOrmTokenReader implements TokenReader {
  constructor(private readonly engine: Engine) {}

  /** As hot as the read by access key: one prepared statement, no entities. */
  async findByMac(mac: BearerMac): ReturnType<TokenReader['findByMac']> {
    const [row] = await this.engine.query(TOKEN_BEARER.name, TOKEN_BEARER.statement, mac);
    return row ? toTokenBearer(row) : null;
  }

  list(userId: UserId | null, { after, limit }: Page<TokenId>): Promise<readonly AccessToken[]> {
    const where = { ...(userId !== null && { userId }), ...(after !== null && { id: MoreThan(after) }) };
    return this.engine.read((manager) => manager.find(TOKENS, { where, order: { id: 'ASC' }, take: limit }));
  }
}

/** Far below what either database takes in one statement. */
const IDS_AT_ONCE = 1000;

/** The access tokens of one open transaction. */
export class TypeOrmTokenStore implements TokenStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  async find(id: TokenId): Promise<AccessToken | null> {
    // PostgreSQL refuses to look for a text with NUL.
    return id.includes('\0') ? null : this.manager.findOneBy(TOKENS, { id });
  }

  async add(token: AccessToken, because: TokenEvent): Promise<void> {
    await translated(this.manager.insert(TOKENS, token), 'user_missing');
    await this.record(token, because);
  }

  async remove(token: AccessToken, because: TokenEvent): Promise<void> {
    const removed = await this.manager.delete(TOKENS, { id: token.id });
    if (removed.affected === 1) await this.record(token, because);
  }

  /** One statement for all that were last used in the same minute. */
  async noteUses(uses: ReadonlyMap<TokenId, number>): Promise<void> {
    for (const [at, ids] of byTime(uses))
      for (let from = 0; from < ids.length; from += IDS_AT_ONCE)
        await this.manager
          .createQueryBuilder()
          .update(TOKENS)
          .set({ lastUsedAt: at })
          .where('id IN (:...ids)', { ids: ids.slice(from, from + IDS_AT_ONCE) })
          .andWhere('(last_used_at IS NULL OR last_used_at < :at)', { at })
          .execute();
  }

  removeExpired(at: number, limit: number): Promise<number> {
    return removeOldest(this.manager, TOKENS, 'expiresAt', at, limit);
  }

  private record({ id, userId, name }: AccessToken, because: TokenEvent): Promise<void> {
    return this.audit.record({ kind: 'token', id, details: { userId, ...(name !== null && { name }) } }, because);
  }
}

function byTime(uses: ReadonlyMap<TokenId, number>): ReadonlyMap<number, readonly TokenId[]> {
  const times = new Map<number, TokenId[]>();
  for (const [id, at] of uses) {
    const ids = times.get(at);
    if (ids) ids.push(id);
    else times.set(at, [id]);
  }
  return times;
}
