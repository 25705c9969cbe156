import {
  PlatformError,
  recordOf,
  type AuditRecord,
  type AuditTrail,
  type DomainEvent,
  type DraftRecord,
  type Seal,
  type Subject,
} from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { toRecord } from './audit-rows.js';
import { translated } from './database-errors.js';
import { insert } from './table-statements.js';
import { AUDIT } from './schemas.js';
import { changedBy, isPostgres, rowsOf } from './statement.js';

export const LAST_SEAL =
  'SELECT seal_number, seal_hash FROM audit WHERE seal_number IS NOT NULL ORDER BY seal_number DESC LIMIT 1';

export const TAKE_UNPUBLISHED = {
  // What another worker is just taking is passed by. The limit is in a part of its own, so that it is looked at once.
  postgres: `
    WITH taken AS MATERIALIZED (
      SELECT id FROM audit WHERE NOT published ORDER BY id LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED
    )
    UPDATE audit SET published = TRUE FROM taken WHERE audit.id = taken.id RETURNING audit.*`,
  sqlite: `
    UPDATE audit SET published = TRUE
    WHERE id IN (SELECT id FROM audit WHERE NOT published ORDER BY id LIMIT $1) RETURNING *`,
} as const;

const SEAL = {
  // An update locks rows in whatever order it meets them; so they are locked before, in theirs.
  postgres: `
    WITH seals AS MATERIALIZED (
      SELECT * FROM json_to_recordset($1::json) AS given(id bigint, number bigint, hash text)
    ),
    locked AS MATERIALIZED (
      SELECT audit.id FROM audit JOIN seals ON audit.id = seals.id WHERE audit.seal_number IS NULL
      ORDER BY audit.id FOR NO KEY UPDATE OF audit
    )
    UPDATE audit SET seal_number = seals.number, seal_hash = seals.hash
    FROM locked JOIN seals ON seals.id = locked.id WHERE audit.id = locked.id AND audit.seal_number IS NULL`,
  sqlite: `
    UPDATE audit SET seal_number = seals.number, seal_hash = seals.hash
    FROM (SELECT value ->> 'id' AS id, value ->> 'number' AS number, value ->> 'hash' AS hash FROM json_each($1)) AS seals
    WHERE audit.id = seals.id AND audit.seal_number IS NULL`,
} as const;

/** The audit records of one open transaction. */
export class TypeOrmAuditTrail implements AuditTrail {
  constructor(private readonly manager: EntityManager) {}

  /** Keeps what another store did, beside it. */
  record(subject: Subject, because: DomainEvent): Promise<void> {
    return this.add(recordOf(subject, because));
  }

  async add({ at, name, by, subject, changes, details }: DraftRecord): Promise<void> {
    await insert(this.manager, AUDIT, {
      at,
      name,
      byKind: by.kind,
      byUser: by.userId,
      byApp: by.appId,
      byAddress: by.address,
      byTrace: by.traceId,
      subjectKind: subject.kind,
      subjectId: subject.id,
      subjectName: subject.name,
      before: changes.before && JSON.stringify(changes.before),
      after: changes.after && JSON.stringify(changes.after),
      details: JSON.stringify(details),
      published: false,
    });
  }

  async takeUnpublished(limit: number): Promise<readonly AuditRecord[]> {
    const taken = await rowsOf(this.manager, TAKE_UNPUBLISHED[this.kind()], [limit]);
    return taken.map(toRecord).toSorted((one, other) => one.id - other.id);
  }

  async lastSeal(): Promise<Seal | null> {
    const [row] = await rowsOf(this.manager, LAST_SEAL);
    return row ? { number: Number(row['seal_number']), hash: row['seal_hash'] as string } : null;
  }

  async seal(seals: ReadonlyMap<number, Seal>): Promise<void> {
    const given = JSON.stringify([...seals].map(([id, { number, hash }]) => ({ id, number, hash })));
    const sealed = await translated(changedBy(this.manager, SEAL[this.kind()], [given]));
    if (sealed !== seals.size) throw new PlatformError('write_was_stale');
  }

  async removeBefore(at: number, limit: number): Promise<{ readonly last: Seal; readonly removed: number } | null> {
    const lock = isPostgres(this.manager) ? 'FOR UPDATE' : '';
    const first = await rowsOf(
      this.manager,
      `SELECT at, seal_number, seal_hash FROM audit WHERE seal_number IS NOT NULL ORDER BY seal_number LIMIT $1 ${lock}`,
      [limit + 1],
    );
    // The last one that was read is one too many, or the last of all: it stays in any case.
    const candidates = first.slice(0, -1);
    const firstToStay = candidates.findIndex((row) => Number(row['at']) >= at);
    const last = (firstToStay === -1 ? candidates : candidates.slice(0, firstToStay)).at(-1);
    if (!last) return null;
    const [number, hash] = [Number(last['seal_number']), last['seal_hash'] as string];
    const removed = await changedBy(this.manager, 'DELETE FROM audit WHERE seal_number <= $1', [number]);
    return { last: { number, hash }, removed };
  }

  private kind(): 'postgres' | 'sqlite' {
    return isPostgres(this.manager) ? 'postgres' : 'sqlite';
  }
}
