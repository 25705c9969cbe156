import type { AuditTrail, DomainEvent } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { AUDIT } from './schemas.js';

/** What an event is about. */
interface Subject {
  readonly kind: 'account' | 'user' | 'authorization';
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

  async removeBefore(at: number, limit: number): Promise<number> {
    const oldest = this.manager
      .createQueryBuilder(AUDIT, 'record')
      .select('record.id')
      .where('record.at < :at')
      .orderBy('record.at');
    const removed = await this.manager
      .createQueryBuilder()
      .delete()
      .from(AUDIT)
      .where(`id IN (${oldest.addOrderBy('record.id').limit(limit).getQuery()})`, { at })
      .execute();
    return removed.affected ?? 0;
  }
}
