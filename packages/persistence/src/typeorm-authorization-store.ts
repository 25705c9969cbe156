import {
  PlatformError,
  type AccountId,
  type Authorization,
  type AuthorizationEvent,
  type AuthorizationStore,
  type AuthorizationUse,
  type UserId,
} from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { translated } from './database-errors.js';
import { noteUses } from './note-uses.js';
import { AUTHORIZATIONS } from './schemas.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';

/** The authorizations of one open transaction. */
export class TypeOrmAuthorizationStore implements AuthorizationStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  find(userId: UserId, accountId: AccountId): Promise<Authorization | null> {
    return this.manager.findOneBy(AUTHORIZATIONS, { userId, accountId });
  }

  async put(authorization: Authorization, because: AuthorizationEvent): Promise<void> {
    const { userId, accountId, scope, grantedAt } = authorization;
    // The foreign key finds out that the account is gone.
    await translated(
      this.manager.upsert(AUTHORIZATIONS, { userId, accountId, scope, grantedAt }, ['userId', 'accountId']),
    );
    await this.record(authorization, because);
  }

  async remove(authorization: Authorization, because: AuthorizationEvent): Promise<void> {
    const { userId, accountId } = authorization;
    const removed = await this.manager.delete(AUTHORIZATIONS, { userId, accountId });
    if (removed.affected !== 1) throw new PlatformError('write_was_stale');
    await this.record(authorization, because);
  }

  noteUses(uses: readonly AuthorizationUse[]): Promise<void> {
    const used = { table: 'authorizations', keys: ['user_id', 'account_id'], keepsAddress: false } as const;
    const rows = uses.map(({ userId, accountId, at }) => ({ key: [userId, accountId], at, from: null }));
    return noteUses(this.manager, used, rows);
  }

  private record({ userId, accountId }: Authorization, because: AuthorizationEvent): Promise<void> {
    return this.audit.record({ kind: 'authorization', id: accountId, name: userId }, because);
  }
}
