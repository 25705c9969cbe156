import { PlatformError, type ErrorCode } from '@claviger/domain';
import { QueryRunnerAlreadyReleasedError } from 'typeorm';

/** The database cannot be used as it is configured; waiting would not help. The message is one line for the operator. */
export class DatabaseUnusable extends Error {
  override readonly name = 'DatabaseUnusable';
}

/** A database failed in a way nobody foresaw. Holds the driver's code and message, not the values of the statement. */
export class DatabaseFault extends Error {
  override readonly name = 'DatabaseFault';

  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** What drivers throw, as far as it is looked at. */
interface DriverError {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  /** PostgreSQL's name of the broken constraint. */
  readonly constraint: string;
}

/**
 * The one place that knows the errors of the two drivers: a conflict the domain has a name for, a database that is
 * busy or away, or a fault. What the domain threw passes unchanged, and so does whatever is no database's error.
 */
export function translateError(error: unknown, referentGone: ErrorCode = 'write_was_stale'): unknown {
  if (error instanceof PlatformError || error instanceof DatabaseUnusable || error instanceof DatabaseFault)
    return error;
  const cause = driverErrorOf(error);
  if (!cause) return error;
  const code = conflictOf(cause, referentGone) ?? (isAway(cause) ? 'database_unavailable' : null);
  const fault = new DatabaseFault(cause.message, cause.code);
  if (code === null) return fault;
  const refusal = new PlatformError(code);
  refusal.cause = fault;
  return refusal;
}

/** Rejects as the statement did, in the words of the domain. @param referentGone when what the row refers to is not there */
export async function translated<T>(statement: Promise<T>, referentGone?: ErrorCode): Promise<T> {
  try {
    return await statement;
  } catch (error) {
    throw translateError(error, referentGone);
  }
}

/** Another process writes to the SQLite file at this moment. */
export function isBusy(error: unknown): boolean {
  return /^SQLITE_(BUSY|LOCKED)/.test(driverErrorOf(error)?.code ?? '');
}

/** The statement was given up while the server may still be at it: its connection must not be used again. */
export function isGivenUp(error: unknown): boolean {
  return driverErrorOf(error)?.message === 'Query read timeout';
}

/** Why opening the database failed for good; null when it may be there in a moment. */
export function whyUnusable(error: unknown): string | null {
  if (error instanceof DatabaseUnusable) return error.message;
  const cause = driverErrorOf(error);
  if (!cause) return null;
  const reason = UNUSABLE.find(([code]) => code.test(cause.code));
  return reason ? reason[1] : null;
}

/** The driver's code or message, for the operator. */
export function reasonOf(error: unknown): string {
  const cause = driverErrorOf(error);
  return cause?.code || cause?.message || (error instanceof Error ? error.name : 'unknown');
}

const UNUSABLE: readonly (readonly [RegExp, string])[] = [
  [/^(SQLITE_READONLY|SQLITE_PERM|SQLITE_AUTH|EACCES|EPERM|EROFS)/, 'it cannot be written to'],
  [/^(SQLITE_CANTOPEN|ENOTDIR|EISDIR|EEXIST)/, 'it cannot be opened'],
  [/^SQLITE_NOTADB/, 'it is not a SQLite database'],
  [/^SQLITE_CORRUPT/, 'it is corrupt'],
  [/^(28P01|28000)$/, 'the server refuses the user or the password'],
  [/^3D000$/, 'the server has no such database'],
  [/^42501$/, 'the user lacks the right to make tables'],
  [/CERT|LEAF_SIGNATURE|^ERR_TLS|^ERR_SSL/, "the server's certificate is not trusted"],
];

const CONFLICTS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/^(accounts_app_id_key|.*accounts\.app_id_key)$/, 'account_exists'],
  [/^(users_pkey|.*users\.user_id)$/, 'user_exists'],
  [/^(audit_seal_number_key|.*audit\.seal_number)$/, 'write_was_stale'],
];

function conflictOf({ code, message, constraint }: DriverError, referentGone: ErrorCode): ErrorCode | null {
  if (code === '23505' || /^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY)$/.test(code)) {
    const broken = constraint || message;
    return CONFLICTS.find(([name]) => name.test(broken))?.[1] ?? null;
  }
  if (/^(23503|SQLITE_CONSTRAINT_FOREIGNKEY)$/.test(code)) return referentGone;
  // Two units waited for each other: whoever tries again sees what is true now.
  return /^(40001|40P01)$/.test(code) ? 'write_was_stale' : null;
}

const AWAY_CODES =
  /^(SQLITE_(BUSY|LOCKED|FULL|IOERR|CANTOPEN|READONLY|PROTOCOL)|08|53|57|55P03|25006|25P03|28|E(CONN|TIMEDOUT|PIPE|HOST|NET|AI_|NOTFOUND))/;
const AWAY_MESSAGES =
  /^(Connection terminated|Connection ended|timeout exceeded|Query read timeout|Client (has encountered|was closed)|Cannot use a pool after|The database connection is not open|Driver not Connected)/i;

function isAway({ code, message }: DriverError): boolean {
  return AWAY_CODES.test(code) || AWAY_MESSAGES.test(message);
}

/** The error of the driver inside what TypeORM or node throws; null for an error of somebody else. */
function driverErrorOf(error: unknown): DriverError | null {
  if (error instanceof PlatformError) return driverErrorOf(error.cause);
  const found = asDriverError(error);
  if (!found || error instanceof DatabaseFault) return found;
  if (error instanceof QueryRunnerAlreadyReleasedError) return { ...found, message: 'Connection terminated' };
  if ('driverError' in found.thrown) return asDriverError(found.thrown.driverError);
  // A host with several addresses that all refuse.
  if ('errors' in found.thrown && Array.isArray(found.thrown.errors)) return driverErrorOf(found.thrown.errors[0]);
  const isDrivers = found.name === 'SqliteError' || /^[0-9A-Z]{5}$/.test(found.code) || isAway(found);
  return isDrivers || UNUSABLE.some(([code]) => code.test(found.code)) ? found : null;
}

/** By its form: not every driver's error is an instance of this realm's `Error`. */
function asDriverError(thrown: unknown): (DriverError & { thrown: object }) | null {
  if (typeof thrown !== 'object' || thrown === null) return null;
  const text = (key: string) => {
    const value: unknown = Reflect.get(thrown, key);
    return typeof value === 'string' ? value : '';
  };
  return { thrown, name: text('name'), code: text('code'), message: text('message'), constraint: text('constraint') };
}
