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
import { TOKEN_BEARER } from './bearer-rows.js';
import { translated } from './database-errors.js';
import type { Engine } from './engine.js';
import { insert } from './table-statements.js';
import { noteUses } from './note-uses.js';
import { removeOldest } from './remove-oldest.js';
import { TOKENS } from './schemas.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';

export class TypeOrmTokenReader implements TokenReader {
  constructor(private readonly engine: Engine) {}

  findByMac(mac: BearerMac): ReturnType<TokenReader['findByMac']> {
    return this.engine.find(TOKEN_BEARER, mac);
  }

  list(userId: UserId | null, { after, limit }: Page<TokenId>): Promise<readonly AccessToken[]> {
    const where = { ...(userId !== null && { userId }), ...(after !== null && { id: MoreThan(after) }) };
    return this.engine.read((manager) => manager.find(TOKENS, { where, order: { id: 'ASC' }, take: limit }));
  }
}

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
    await translated(insert(this.manager, TOKENS, token), 'user_missing');
    await this.record(token, because);
  }

  async remove(token: AccessToken, because: TokenEvent): Promise<void> {
    const removed = await this.manager.delete(TOKENS, { id: token.id });
    if (removed.affected === 1) await this.record(token, because);
  }

  noteUses(uses: ReadonlyMap<TokenId, number>): Promise<void> {
    const used = { table: 'access_tokens', keys: ['id'], keepsAddress: false } as const;
    const rows = [...uses].map(([id, at]) => ({ key: [id], at, from: null }));
    return noteUses(this.manager, used, rows);
  }

  removeExpired(at: number, limit: number): Promise<number> {
    return removeOldest(this.manager, TOKENS, 'expiresAt', at, limit);
  }

  private record({ id, userId }: AccessToken, because: TokenEvent): Promise<void> {
    return this.audit.record({ kind: 'token', id, name: userId }, because);
  }
}
