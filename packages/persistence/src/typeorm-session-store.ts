import type {
  BearerMac,
  Session,
  SessionEvent,
  SessionId,
  SessionReader,
  SessionStore,
  UserId,
} from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { SESSION_BEARER } from './bearer-rows.js';
import { translated } from './database-errors.js';
import type { Engine } from './engine.js';
import { insert } from './table-statements.js';
import { removeOldest } from './remove-oldest.js';
import { SESSIONS } from './schemas.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';

export class TypeOrmSessionReader implements SessionReader {
  constructor(private readonly engine: Engine) {}

  findByMac(mac: BearerMac): ReturnType<SessionReader['findByMac']> {
    return this.engine.find(SESSION_BEARER, mac);
  }

  list(userId: UserId): Promise<readonly Session[]> {
    return this.engine.read((manager) => manager.find(SESSIONS, { where: { userId }, order: { id: 'ASC' } }));
  }
}

/** The sessions of one open transaction. */
export class TypeOrmSessionStore implements SessionStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  async find(id: SessionId): Promise<Session | null> {
    // PostgreSQL refuses to look for a text with NUL.
    return id.includes('\0') ? null : this.manager.findOneBy(SESSIONS, { id });
  }

  async add(session: Session, because: SessionEvent): Promise<void> {
    await translated(insert(this.manager, SESSIONS, session), 'user_missing');
    await this.record(session, because);
  }

  async remove(session: Session, because: SessionEvent): Promise<void> {
    const removed = await this.manager.delete(SESSIONS, { id: session.id });
    if (removed.affected === 1) await this.record(session, because);
  }

  async removeAllOf(userId: UserId): Promise<void> {
    await this.manager.delete(SESSIONS, { userId });
  }

  removeExpired(at: number, limit: number): Promise<number> {
    return removeOldest(this.manager, SESSIONS, 'expiresAt', at, limit);
  }

  private record({ id, userId }: Session, because: SessionEvent): Promise<void> {
    return this.audit.record({ kind: 'session', id, name: userId }, because);
  }
}
