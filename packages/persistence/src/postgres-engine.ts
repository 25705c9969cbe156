import pg, { type Pool, type PoolClient, type PoolConfig } from 'pg';
import { DataSource, type QueryRunner } from 'typeorm';
import type { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { DatabaseFault, isGivenUp, translateError } from './database-errors.js';
import type { Engine, Find, Row, Work } from './engine.js';
import { keptReads } from './kept-reads.js';
import { MIGRATIONS } from './migrations/index.js';
import { QUIET } from './quiet-logger.js';
import { SCHEMAS } from './schemas.js';
import { watchChanges } from './watch-changes.js';

/** Milliseconds; 0: no limit. The server gives up first; the client follows when the server does not answer at all. */
const SERVING = { statement_timeout: 10_000, query_timeout: 15_000, idle_in_transaction_session_timeout: 20_000 };
const MIGRATING = { statement_timeout: 0, query_timeout: 0, idle_in_transaction_session_timeout: 0 };
const CONNECT_TIMEOUT = 5_000;

/** Any number that no other program is likely to lock on the same database. */
const MIGRATION_LOCK = 7_300_002_026;

/** For connections beside those of the engine, with the same patience. */
export function connectionTo(url: string): PoolConfig {
  const ours = { application_name: 'claviger', connectionTimeoutMillis: CONNECT_TIMEOUT, keepAlive: true };
  return { ...ours, ...SERVING, connectionString: url };
}

export interface PostgresOptions {
  readonly poolSize: number;
  /** Whether what was read is kept. */
  readonly keeping: boolean;
  /** Told how long each change was on its way here, in milliseconds. */
  readonly onPropagation: (milliseconds: number) => void;
}

/** PostgreSQL through a pool of connections. Fails when the server is not there right now. */
export async function openPostgres(
  url: string,
  { poolSize, keeping, onPropagation }: PostgresOptions,
): Promise<Engine> {
  const dataSource = await connect(url, poolSize, SERVING);
  const pool = (dataSource.driver as PostgresDriver).master as Pool;

  const watch = keeping ? watchChanges(connectionTo(url), onPropagation) : null;
  const find: Find = async ({ name, statement, toValue }, parameter) => {
    try {
      const text = statement.replace('?', '$1');
      const { rows } = await pool.query<Row>({ name, text, values: [parameter] });
      const [first, ...more] = rows;
      return first ? toValue([first, ...more]) : null;
    } catch (error) {
      throw translateError(error);
    }
  };

  return {
    read: (work) => withRunner(dataSource, work),
    find: watch ? keptReads(find, watch.generation) : find,
    // Whoever goes on from here sees what it did, and so does every request that comes after.
    write: (work) => inTransaction(dataSource, work).finally(() => watch?.changed()),
    migrate: async (work) => {
      const patient = await connect(url, 1, MIGRATING);
      try {
        return await inTransaction(patient, async (manager, runner) => {
          await runner.query(`SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
          return work(manager, runner);
        });
      } finally {
        await patient.destroy();
      }
    },
    check: async () => undefined,
    close: async () => {
      await watch?.close();
      await dataSource.destroy();
    },
  };
}

function connect(url: string, poolSize: number, limits: typeof SERVING): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    poolSize,
    connectTimeoutMS: CONNECT_TIMEOUT,
    applicationName: 'claviger',
    extra: { ...limits, keepAlive: true },
    // An idle connection that breaks is replaced by the pool; one in use fails its own statement.
    poolErrorHandler: () => undefined,
    installExtensions: false,
    entities: SCHEMAS,
    migrations: MIGRATIONS,
    synchronize: false,
    logging: false,
    logger: QUIET,
  }).initialize();
}

function inTransaction<T>(dataSource: DataSource, work: Work<T>): Promise<T> {
  return withRunner(dataSource, async (manager, runner) => {
    await runner.startTransaction();
    try {
      const result = await work(manager, runner);
      await commit(runner);
      return result;
    } catch (error) {
      if (!isGivenUp(error)) await runner.rollbackTransaction().catch(() => giveUp(runner));
      throw error;
    }
  });
}

async function withRunner<T>(dataSource: DataSource, work: Work<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work(runner.manager, runner);
  } catch (error) {
    if (isGivenUp(error)) await giveUp(runner);
    throw translateError(error);
  } finally {
    await runner.release();
  }
}

/** PostgreSQL answers COMMIT with ROLLBACK when a statement failed before: nothing may be acknowledged then. */
async function commit(runner: QueryRunner): Promise<void> {
  const client = (await runner.connect()) as PoolClient;
  const { command } = await client.query('COMMIT');
  if (command !== 'COMMIT') throw new DatabaseFault('The unit of work went on after a statement had failed.', '25P02');
}

/** Ends a connection of which nobody knows what it is doing; the pool makes a new one. */
async function giveUp(runner: QueryRunner): Promise<void> {
  if (runner.isReleased) return;
  const client = (await runner.connect()) as PoolClient & { end(): Promise<void> };
  // Not awaited: a dead connection may never say goodbye.
  void client.end().catch(() => undefined);
}
