import type { AuditFilter, Page } from '@claviger/domain';

/** The part of an event's name before its dot, as the index `audit_by_family` has it. */
export const FAMILY = {
  postgres: "split_part(name, '.', 1)",
  sqlite: "substr(name, 1, instr(name, '.') - 1)",
} as const;

export interface AuditQuery {
  readonly statement: string;
  readonly values: readonly unknown[];
}

/** One page of records, the newest first: each filter walks an index that lies in that order. */
export function auditList(filter: AuditFilter, page: Page<number>, kind: keyof typeof FAMILY): AuditQuery {
  const values: unknown[] = [];
  const given = (value: unknown) => `$${values.push(value)}`;
  const conditions = conditionsOf(filter, kind, given);
  if (page.after !== null) conditions.push(`id < ${given(page.after)}`);
  const { subject } = filter;
  const limit = given(page.limit);
  const newest = (more: readonly string[]) =>
    `${['WHERE TRUE', ...conditions, ...more].join(' AND ')} ORDER BY id DESC LIMIT ${limit}`;
  if (subject === undefined) return { statement: `SELECT * FROM audit ${newest([])}`, values };
  // One of the two in each part: no index would serve an OR in the order of the page.
  const wanted = given(subject);
  const part = (column: string) =>
    `SELECT id FROM (SELECT id FROM audit ${newest([`${column} = ${wanted}`])}) AS by_${column}`;
  const either = `${part('subject_id')} UNION ${part('subject_name')}`;
  return { statement: `SELECT * FROM audit WHERE id IN (${either}) ORDER BY id DESC LIMIT ${limit}`, values };
}

function conditionsOf(filter: AuditFilter, kind: keyof typeof FAMILY, given: (value: unknown) => string): string[] {
  const { name, since, until } = filter;
  const equal = { by_user: filter.byUser, by_app: filter.byApp, by_address: filter.address, by_trace: filter.traceId };
  // SQLite would gather all of a time and sort it, page for page; the sign keeps it walking in the order of the page.
  const at = kind === 'sqlite' ? '+at' : 'at';
  return [
    ...Object.entries(equal).flatMap(([column, value]) => (value === undefined ? [] : [`${column} = ${given(value)}`])),
    ...(name === undefined ? [] : [`${name.includes('.') ? 'name' : FAMILY[kind]} = ${given(name)}`]),
    ...(since === undefined ? [] : [`${at} >= ${given(since)}`]),
    ...(until === undefined ? [] : [`${at} < ${given(until)}`]),
  ];
}
