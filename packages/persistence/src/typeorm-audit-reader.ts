import type { AuditFilter, AuditReader, AuditRecord, Backlog, Page, Waiting } from '@claviger/domain';
import { auditList } from './audit-list.js';
import { toRecord } from './audit-rows.js';
import type { Engine, Row } from './engine.js';
import { isPostgres, rowsOf } from './statement.js';

export const CHAIN =
  'SELECT * FROM audit WHERE seal_number IS NOT NULL AND seal_number > $1 ORDER BY seal_number LIMIT $2';
export const UNSEALED = 'SELECT * FROM audit WHERE seal_number IS NULL ORDER BY id LIMIT $1';
export const BACKLOG = `
  SELECT 'unpublished' AS what, COUNT(*) AS count, MIN(at) AS oldest FROM audit WHERE NOT published
  UNION ALL SELECT 'unsealed', COUNT(*), MIN(at) FROM audit WHERE seal_number IS NULL`;

export class TypeOrmAuditReader implements AuditReader {
  constructor(private readonly engine: Engine) {}

  async list(filter: AuditFilter, page: Page<number>): Promise<readonly AuditRecord[]> {
    // PostgreSQL refuses to look for a text with NUL.
    if (Object.values(filter).some((part) => typeof part === 'string' && part.includes('\0'))) return [];
    const rows = await this.engine.read((manager) => {
      const { statement, values } = auditList(filter, page, isPostgres(manager) ? 'postgres' : 'sqlite');
      return rowsOf(manager, statement, values);
    });
    return rows.map(toRecord);
  }

  chain({ after, limit }: Page<number>): Promise<readonly AuditRecord[]> {
    return this.records(CHAIN, [after ?? 0, limit]);
  }

  unsealed(limit: number): Promise<readonly AuditRecord[]> {
    return this.records(UNSEALED, [limit]);
  }

  async backlog(): Promise<Backlog> {
    const rows = await this.engine.read((manager) => rowsOf(manager, BACKLOG));
    const waiting = (what: string) => toWaiting(rows.find((row) => row['what'] === what));
    return { unpublished: waiting('unpublished'), unsealed: waiting('unsealed') };
  }

  private async records(statement: string, values: readonly unknown[]): Promise<readonly AuditRecord[]> {
    return (await this.engine.read((manager) => rowsOf(manager, statement, values))).map(toRecord);
  }
}

function toWaiting(row: Row | undefined): Waiting {
  const oldest = row?.['oldest'] ?? null;
  return { count: Number(row?.['count'] ?? 0), oldest: oldest === null ? null : Number(oldest) };
}
