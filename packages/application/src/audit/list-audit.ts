import {
  demandAdmin,
  fieldInvalid,
  parseText,
  parseTime,
  type AuditFilter,
  type AuditRecord,
  type Caller,
  type Seal,
} from '@claviger/domain';
import { MAX_LIST_LIMIT } from '../accounts/list-accounts.js';
import type { Ports } from '../ports.js';

/** What may be asked of the record of what was done; each part that is given narrows it. */
export interface AuditQuery extends Omit<AuditFilter, 'since' | 'until'> {
  /** ISO 8601. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  /** 1 to {@link MAX_LIST_LIMIT}; left out: all of them. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface AuditList {
  /** The cursor of the next page; null when there is none. */
  readonly next: string | null;
  /** The newest first, read as they are consumed. */
  readonly records: AsyncIterable<AuditRecord>;
}

/** How many records are in memory at once while all of them are told. */
const CHUNK = 500;
const MAX_TERM_LENGTH = 256;

/** The record of what was done, the newest first, for admins. @throws field_invalid */
export const listAudit =
  ({ audit }: Pick<Ports, 'audit'>) =>
  async (caller: Caller, query: AuditQuery = {}): Promise<AuditList> => {
    const { filter, limit, after } = parseQuery(query);
    demandAdmin(caller);
    if (limit === null) return { next: null, records: all(audit, filter, after) };
    const found = await audit.list(filter, { limit: limit + 1, after });
    const page = found.slice(0, limit);
    const next = found.length > page.length ? (page.at(-1)?.id ?? null) : null;
    return { next: next === null ? null : String(next), records: each(page) };
  };

/** All of it in the order of the chain, and then what is not sealed yet, for admins. */
export const exportAudit = ({ audit }: Pick<Ports, 'audit'>) =>
  async function* (caller: Caller): AsyncGenerator<AuditRecord> {
    demandAdmin(caller);
    let end: number | null = null;
    for await (const record of recordsInChain(audit)) {
      end = record.seal.number;
      yield record;
    }
    const { count } = (await audit.backlog()).unsealed;
    const unsealed = await audit.unsealed(Math.max(count, 1));
    // Some of them, or others, may have been sealed since we came to the end of the chain.
    const told = new Set<number>();
    for await (const record of recordsInChain(audit, end)) {
      told.add(record.id);
      yield record;
    }
    yield* unsealed.filter(({ id }) => !told.has(id));
  };

/** @param start the number to begin after; null: at the beginning */
export async function* recordsInChain(
  audit: Ports['audit'],
  start: number | null = null,
): AsyncGenerator<AuditRecord & { readonly seal: Seal }> {
  for (let after = start; ;) {
    const chunk: readonly AuditRecord[] = await audit.chain({ limit: CHUNK, after });
    for (const { seal, ...record } of chunk) if (seal) yield { ...record, seal };
    after = chunk.at(-1)?.seal?.number ?? null;
    if (chunk.length < CHUNK) return;
  }
}

async function* all(audit: Ports['audit'], filter: AuditFilter, start: number | null): AsyncGenerator<AuditRecord> {
  for (let after = start; ;) {
    const chunk = await audit.list(filter, { limit: CHUNK, after });
    yield* chunk;
    after = chunk.at(-1)?.id ?? null;
    if (chunk.length < CHUNK) return;
  }
}

async function* each(records: readonly AuditRecord[]): AsyncGenerator<AuditRecord> {
  yield* records;
}

function parseQuery({ limit, cursor, since, until, ...terms }: AuditQuery) {
  for (const [name, term] of Object.entries(terms)) if (term !== undefined) parseText(name, term, MAX_TERM_LENGTH);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIST_LIMIT))
    throw fieldInvalid('limit', 'not_whole_number', { min: 1, max: MAX_LIST_LIMIT });
  if (cursor !== undefined && !/^[1-9]\d{0,14}$/.test(cursor)) throw fieldInvalid('cursor', 'not_cursor');
  const filter: AuditFilter = {
    ...terms,
    since: since === undefined ? undefined : parseTime('since', since),
    until: until === undefined ? undefined : parseTime('until', until),
  };
  return { filter, limit: limit ?? null, after: cursor === undefined ? null : Number(cursor) };
}
