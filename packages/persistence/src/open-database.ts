import {
  PlatformError,
  type AccountReader,
  type AuditReader,
  type JobRunner,
  type OAuthArtifactReader,
  type SessionReader,
  type SigningKeyReader,
  type TokenReader,
  type UnitOfWork,
  type UserReader,
  type WebhookReader,
} from '@claviger/domain';
import { DatabaseUnusable, reasonOf, translateError, whyUnusable } from './database-errors.js';
import { parseDatabaseUrl, type Place } from './database-url.js';
import type { Engine } from './engine.js';
import { installationOn, pepperIdsInUse, type Installation } from './installation.js';
import { demandKnown, readMigrationState, runMigrations, type MigrationState } from './migrate.js';
import { deadlineIn, retryUntil } from './patience.js';
import { SqliteJobRunner } from './sqlite-job-runner.js';
import { TypeOrmAccountReader } from './typeorm-account-reader.js';
import { TypeOrmArtifactReader } from './typeorm-artifact-store.js';
import { TypeOrmAuditReader } from './typeorm-audit-reader.js';
import { TypeOrmSessionReader } from './typeorm-session-store.js';
import { TypeOrmSigningKeyReader } from './typeorm-signing-key-store.js';
import { TypeOrmTokenReader } from './typeorm-token-store.js';
import { TypeOrmUnitOfWork } from './typeorm-unit-of-work.js';
import { TypeOrmUserReader } from './typeorm-user-store.js';
import { TypeOrmWebhookReader } from './typeorm-webhook-reader.js';

export interface DatabaseOptions {
  /** `sqlite:<path>` or `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** `off`: refuse a database whose schema is out of date instead of changing it. */
  readonly migrate: 'auto' | 'off';
  /** Milliseconds to wait for a database that is away. */
  readonly startTimeout: number;
  /** Connections to PostgreSQL; 10 unless given. */
  readonly poolSize?: number;
  /** Milliseconds a statement waits for other processes on the same SQLite file; 10,000 unless given. */
  readonly busyTimeout?: number;
  /** Whether what requests are judged by is kept until it changes; not unless given, for whoever reads it once. */
  readonly keeping?: boolean;
  /** Told how long each change of another process was on its way here, in milliseconds; PostgreSQL alone. */
  readonly onPropagation?: (milliseconds: number) => void;
}

export interface Database {
  readonly accounts: AccountReader;
  readonly users: UserReader;
  readonly tokens: TokenReader;
  readonly sessions: SessionReader;
  readonly webhooks: WebhookReader;
  readonly audit: AuditReader;
  readonly oauth: OAuthArtifactReader;
  readonly signingKeys: SigningKeyReader;
  readonly jobs: JobRunner;
  readonly unitOfWork: UnitOfWork;
  readonly installation: Installation;
  /** The peppers that at least one stored secret needs. */
  pepperIdsInUse(): Promise<readonly string[]>;
  /** The names of the migrations that were run when it was opened. */
  readonly migrated: readonly string[];
  /** @throws database_unavailable when the database is away, or not the one with our schema that was opened. */
  ping(): Promise<void>;
  /** Lets the units of work in hand end. */
  close(): Promise<void>;
}

const PAUSES = { first: 100, longest: 1_000 };

/**
 * Opens the database, bringing its schema up to date if it may; waits for one that is away.
 * @throws DatabaseUnusable
 */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const { engine, migrated } = await whenThere(options, async (open) => {
    const opened = await open();
    try {
      return { engine: opened, migrated: await bringUpToDate(opened, options.migrate) };
    } catch (error) {
      await opened.close();
      throw error;
    }
  });
  return {
    accounts: new TypeOrmAccountReader(engine),
    users: new TypeOrmUserReader(engine),
    tokens: new TypeOrmTokenReader(engine),
    sessions: new TypeOrmSessionReader(engine),
    webhooks: new TypeOrmWebhookReader(engine),
    audit: new TypeOrmAuditReader(engine),
    oauth: new TypeOrmArtifactReader(engine),
    signingKeys: new TypeOrmSigningKeyReader(engine),
    jobs: await jobRunnerOn(engine, parseDatabaseUrl(options.url)),
    unitOfWork: new TypeOrmUnitOfWork(engine),
    installation: installationOn(engine),
    pepperIdsInUse: () => pepperIdsInUse(engine),
    migrated,
    ping: () => ping(engine),
    close: () => engine.close(),
  };
}

/** Which migrations were run on this database and which were not. Changes nothing but makes a SQLite file that is missing. */
export function readDatabaseStatus(options: Omit<DatabaseOptions, 'migrate'>): Promise<MigrationState> {
  return whenThere(options, async (open) => {
    const opened = await open();
    try {
      return await readMigrationState(opened);
    } finally {
      await opened.close();
    }
  });
}

/** Tries until the database is there, or is there and unusable, or the time is over. */
async function whenThere<T>(
  options: Omit<DatabaseOptions, 'migrate'>,
  attempt: (open: () => Promise<Engine>) => Promise<T>,
): Promise<T> {
  const place = parseDatabaseUrl(options.url);
  try {
    return await retryUntil(deadlineIn(options.startTimeout), PAUSES, mayBeThereLater, () =>
      attempt(() => openEngine(place, options)),
    );
  } catch (error) {
    const reason = whyUnusable(error) ?? (mayBeThereLater(error) ? `it did not answer (${reasonOf(error)})` : null);
    if (reason === null) throw translateError(error);
    throw new DatabaseUnusable(`The database ${place.name} cannot be used: ${reason}.`);
  }
}

function mayBeThereLater(error: unknown): boolean {
  const translated = translateError(error);
  return whyUnusable(error) === null && translated instanceof PlatformError && translated.kind === 'unavailable';
}

async function openEngine(
  place: Place,
  {
    poolSize = 10,
    busyTimeout = 10_000,
    keeping = false,
    onPropagation = () => undefined,
  }: Omit<DatabaseOptions, 'migrate'>,
): Promise<Engine> {
  // Each loads its driver: an installation needs one.
  if (place.kind === 'sqlite')
    return (await import('./sqlite-engine.js')).openSqlite(place.path, { busyTimeout, keeping });
  const { openPostgres } = await import('./postgres-engine.js');
  return openPostgres(place.url, { poolSize, keeping, onPropagation });
}

async function jobRunnerOn(engine: Engine, place: Place): Promise<JobRunner> {
  if (place.kind === 'sqlite') return new SqliteJobRunner(engine);
  const [{ PostgresJobRunner }, { connectionTo }] = await Promise.all([
    import('./postgres-job-runner.js'),
    import('./postgres-engine.js'),
  ]);
  return new PostgresJobRunner(engine, connectionTo(place.url));
}

async function bringUpToDate(engine: Engine, migrate: 'auto' | 'off'): Promise<readonly string[]> {
  const { pending } = demandKnown(await readMigrationState(engine));
  if (pending.length === 0) return [];
  if (migrate === 'auto') return runMigrations(engine);
  throw new DatabaseUnusable(`its schema is not up to date (${pending.join(', ')}): run \`claviger database migrate\``);
}

/** A schema that became newer meanwhile is fine: during a rollout, old and new processes serve side by side. */
async function ping(engine: Engine): Promise<void> {
  await engine.check();
  const { pending } = await readMigrationState(engine);
  if (pending.length > 0) throw new PlatformError('database_unavailable');
}
