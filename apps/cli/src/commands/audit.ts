import { auditJson, type AuditFlaw, type AuditJson } from '@claviger/application';
import { OPERATOR, type Seal } from '@claviger/domain';
import { EXIT_CODES } from '../exit-codes.js';
import { auditTable, verdictTable } from '../record-tables.js';
import type { Session } from '../session.js';
import { UsageError } from '../usage-error.js';

export interface ListAuditOptions {
  readonly name?: string;
  readonly user?: string;
  readonly app?: string;
  readonly subject?: string;
  readonly address?: string;
  readonly traceId?: string;
  readonly since?: string;
  readonly until?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export interface VerifyAuditOptions {
  readonly head?: string;
}

/** As many as somebody looks through. */
const USUAL_LIMIT = 100;

export async function listAudit(session: Session, options: ListAuditOptions): Promise<void> {
  const platform = await session.platform();
  const { user, app, limit = USUAL_LIMIT, ...rest } = options;
  const found = await platform.listAudit(OPERATOR, { byUser: user, byApp: app, limit, ...rest });
  const records: AuditJson[] = [];
  for await (const record of found.records) records.push(auditJson(record));
  await session.print(records, () => {
    if (records.length > 0) return auditTable(records);
    session.tell('There are no such records.');
    return '';
  });
  if (found.next) session.tell(`There are older ones. To go on: --cursor ${found.next}`);
}

const FLAWS = {
  missing: 'is missing',
  changed: 'does not say what it said when it was sealed',
  other_chain: 'is not the one that --head names',
  pruned: 'is too old to be kept: --head cannot be compared',
} as const satisfies Record<AuditFlaw, string>;

export async function verifyAudit(session: Session, options: VerifyAuditOptions): Promise<void> {
  const head = options.head === undefined ? undefined : parseSeal(options.head);
  const platform = await session.platform();
  const verdict = await platform.verifyAudit(OPERATOR, { head });
  await session.print(verdict, () => verdictTable(verdict));
  const { broken } = verdict;
  if (broken) session.tell(`Record ${broken.number} of the chain ${FLAWS[broken.because]}.`);
  if (!verdict.intact) session.exitCode = EXIT_CODES.forbidden;
}

export async function exportAudit(session: Session): Promise<void> {
  const platform = await session.platform();
  for await (const record of platform.exportAudit(OPERATOR)) await session.printLine(auditJson(record));
}

/** @throws UsageError */
function parseSeal(typed: string): Seal {
  const [, number, hash] = /^([1-9]\d{0,14}):([0-9a-f]{64})$/i.exec(typed) ?? [];
  if (number === undefined || hash === undefined)
    throw new UsageError(
      '--head must be a number of the chain, a colon and 64 hex digits, as `audit verify` tells it.',
    );
  return { number: Number(number), hash: hash.toLowerCase() };
}
