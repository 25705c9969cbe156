import type { AuditTrail, DomainEvent } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { removeOldest } from './remove-oldest.js';
import { AUDIT } from './schemas.js';

/** What an event is about. */
interface Subject {
  readonly kind: 'account' | 'user' | 'authorization' | 'token' | 'session';
  readonly id: string;
  /** What the record should still say when the subject is gone; never a secret. */
  readonly details: Readonly<Record<string, string>>;
}

/** The audit records of one open transaction. */
export class TypeOrmAuditTrail implements AuditTrail {
  constructor(private readonly manager: EntityManager) {}

  async record(subject: Subject, { name, at, by, ...more }: DomainEvent): Promise<void> {
    await this.manager.insert(AUDIT, {
      at,
      name,
      byKind: by.kind,
      byUser: by.userId,
      byApp: by.appId,
      subjectKind: subject.kind,
      subjectId: subject.id,
      details: JSON.stringify({ ...subject.details, ...more }),
    });
  }

  removeBefore(at: number, limit: number): Promise<number> {
    return removeOldest(this.manager, AUDIT, 'at', at, limit);
  }
}
