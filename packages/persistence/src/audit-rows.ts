import type { AuditRecord, Changes, Facts } from '@claviger/domain';
import type { Row } from './engine.js';

/** A row of the table `audit` as the drivers give it: PostgreSQL's long numbers are texts. */
export function toRecord(row: Row): AuditRecord {
  return {
    id: Number(row['id']),
    name: row['name'] as AuditRecord['name'],
    at: Number(row['at']),
    by: {
      kind: row['by_kind'] as AuditRecord['by']['kind'],
      userId: row['by_user'] as AuditRecord['by']['userId'],
      appId: row['by_app'] as AuditRecord['by']['appId'],
      address: row['by_address'] as string | null,
      traceId: row['by_trace'] as string | null,
    },
    subject: {
      kind: row['subject_kind'] as AuditRecord['subject']['kind'],
      id: row['subject_id'] as string,
      // A process of the version before, which may still be running, tells no name.
      name: (row['subject_name'] ?? row['subject_id']) as string,
    },
    changes: { before: factsIn(row['before']), after: factsIn(row['after']) },
    details: JSON.parse(row['details'] as string) as Facts,
    seal: row['seal_number'] === null ? null : { number: Number(row['seal_number']), hash: row['seal_hash'] as string },
  };
}

function factsIn(kept: unknown): Changes['before'] {
  return kept === null ? null : (JSON.parse(kept as string) as Facts);
}
