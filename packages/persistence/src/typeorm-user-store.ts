import {
  PlatformError,
  type Awaitable,
  type Page,
  type User,
  type UserEvent,
  type UserId,
  type UserReader,
  type UserStore,
} from '@claviger/domain';
import { MoreThan, type EntityManager } from 'typeorm';
import { translated } from './database-errors.js';
import type { Engine } from './engine.js';
import { insert } from './table-statements.js';
import { USERS } from './schemas.js';
import { removeArtifacts } from './typeorm-artifact-store.js';
import { isPostgres } from './statement.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';
import { USER_BY_ID } from './user-rows.js';

export class TypeOrmUserReader implements UserReader {
  constructor(private readonly engine: Engine) {}

  find(userId: UserId): Awaitable<User | null> {
    return this.engine.find(USER_BY_ID, userId);
  }

  list({ after, limit }: Page<UserId>): Promise<readonly User[]> {
    const where = after === null ? {} : { userId: MoreThan(after) };
    return this.engine.read((manager) => manager.find(USERS, { where, order: { userId: 'ASC' }, take: limit }));
  }
}

/** The users of one open transaction. */
export class TypeOrmUserStore implements UserStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  find(userId: UserId): Promise<User | null> {
    return this.manager.findOneBy(USERS, { userId });
  }

  async isEmpty(): Promise<boolean> {
    return !(await this.manager.exists(USERS));
  }

  async countActingAdmins(): Promise<number> {
    // Row locks would not do: they keep no admin from coming, and two units that each hold one would wait for each other.
    if (isPostgres(this.manager)) await this.manager.query('LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE');
    return this.manager.countBy(USERS, { admin: true, locked: false });
  }

  async add(user: User, because: UserEvent): Promise<void> {
    await translated(insert(this.manager, USERS, user));
    await this.record(user, because);
  }

  async save(user: User, because: UserEvent): Promise<void> {
    const { userId, version, ...row } = user;
    const changed = await this.manager.update(USERS, { userId, version }, { ...row, version: version + 1 });
    if (changed.affected !== 1) throw new PlatformError('write_was_stale');
    if (user.locked) await removeArtifacts(this.manager, 'user_id', userId);
    await this.record(user, because);
  }

  async remove(user: User, because: UserEvent): Promise<void> {
    const removed = await this.manager.delete(USERS, { userId: user.userId, version: user.version });
    if (removed.affected !== 1) throw new PlatformError('write_was_stale');
    await this.record(user, because);
  }

  private record({ userId }: User, because: UserEvent): Promise<void> {
    return this.audit.record({ kind: 'user', id: userId, name: userId }, because);
  }
}
