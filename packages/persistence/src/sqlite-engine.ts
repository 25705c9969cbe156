import { mkdir, open, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { andThen, PlatformError, type Awaitable } from '@claviger/domain';
import { Mutex } from 'async-mutex';
import Sqlite from 'better-sqlite3';
import { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { DatabaseUnusable, isBusy, translateError } from './database-errors.js';
import type { Engine, Find, Row, Work } from './engine.js';
import { groupCommit } from './group-commit.js';
import { keptReads } from './kept-reads.js';
import { MIGRATIONS } from './migrations/index.js';
import { deadlineIn, retryUntil } from './patience.js';
import { QUIET } from './quiet-logger.js';
import { SCHEMAS } from './schemas.js';

// Another process writes for some milliseconds at a time.
const PAUSES = { first: 2, longest: 10 };

export interface SqliteOptions {
  /** Milliseconds a statement waits for other processes; the event loop stays free meanwhile. */
  readonly busyTimeout: number;
  /** Whether what was read is kept. */
  readonly keeping: boolean;
}

/**
 * SQLite in WAL mode. Writes take turns on one connection, because TypeORM has one query runner per data source and
 * two transactions at once would become one; reads have a connection of their own, which sees what is committed.
 */
export async function openSqlite(path: string, { busyTimeout, keeping }: SqliteOptions): Promise<Engine> {
  const file = resolve(path);
  await prepareFile(file, busyTimeout);
  const writer = await connect(file, false);
  const reader = await connect(file, true).catch(async (error: unknown) => {
    await writer.destroy();
    throw error;
  });
  const opened = await stat(file);
  const turn = new Mutex();

  const patiently = <T>(deadline: number, attempt: () => Promise<T>) => retryUntil(deadline, PAUSES, isBusy, attempt);
  const read = async <T>(attempt: () => Promise<T>): Promise<T> => {
    try {
      return await patiently(deadlineIn(busyTimeout), attempt);
    } catch (error) {
      throw translateError(error);
    }
  };

  const prepared = preparedOn(reader);

  const find: Find = ({ statement, toValue }, parameter) =>
    andThen(
      look(() => prepared(statement).all(parameter)),
      ([first, ...more]) => (first ? toValue([first, ...more]) : null),
    );
  const look = (now: () => readonly Row[]): Awaitable<readonly Row[]> => {
    try {
      return now();
    } catch (error) {
      if (!isBusy(error)) throw translateError(error);
      return read(async () => now());
    }
  };
  const generation = oncePerTurn(dataVersionOf(reader));

  const statements = preparedOn(writer);
  const together = groupCommit(turn, {
    // A plain BEGIN takes the lock at the first write, and fails at once when somebody wrote since the first read.
    begin: (deadline) => patiently(deadline, async () => void statements('BEGIN IMMEDIATE').run()),
    run: (statement) => void statements(statement).run(),
  });
  const write = async <T>(work: Work<T>): Promise<T> => {
    try {
      // The time in the queue counts, or a file that stays locked would make each one wait longer than the one before.
      return await together(deadlineIn(busyTimeout), () => {
        const runner = writer.createQueryRunner();
        return work(runner.manager, runner);
      });
    } catch (error) {
      throw translateError(error);
    } finally {
      generation.anew();
    }
  };

  return {
    read: (work) =>
      read(() => {
        const runner = reader.createQueryRunner();
        return work(runner.manager, runner);
      }),
    find: keeping ? keptReads(find, generation) : find,
    write,
    // The transaction itself keeps other processes out.
    migrate: write,
    check: async () => {
      const now = await stat(file).catch(() => null);
      // Writes to a file without a name would be acknowledged and lost.
      if (now?.ino !== opened.ino || now.dev !== opened.dev) throw new PlatformError('database_unavailable');
    },
    close: () =>
      turn.runExclusive(async () => {
        await reader.destroy();
        await writer.destroy();
      }),
  };
}

/** Another number after every commit of whichever connection and process: it asks what all of them share, at each call. */
function dataVersionOf(source: DataSource): () => number | null {
  const statement = connectionOf(source).prepare<[], number>('PRAGMA data_version').pluck();
  return () => {
    try {
      return statement.get() ?? null;
    } catch {
      return null;
    }
  };
}

/**
 * Asks once for all requests that are read from the network together: whoever calls after the answer to a change was
 * sent is read later.
 */
function oncePerTurn(ask: () => number | null): { (): number | null; anew: () => void } {
  let told: number | null | undefined;
  const anew = () => {
    told = undefined;
  };
  const generation = () => {
    if (told !== undefined) return told;
    setImmediate(anew);
    return (told = ask());
  };
  return Object.assign(generation, { anew });
}

function connectionOf({ driver }: DataSource): Sqlite.Database {
  return (driver as BetterSqlite3Driver).databaseConnection as Sqlite.Database;
}

/** Each statement is compiled once. TypeORM's own way to the driver takes as long again as the statement itself. */
function preparedOn(source: DataSource): (statement: string) => Sqlite.Statement<string[], Row> {
  const database = connectionOf(source);
  const compiled = new Map<string, Sqlite.Statement<string[], Row>>();
  return (statement) => {
    const known = compiled.get(statement) ?? database.prepare<string[], Row>(statement);
    compiled.set(statement, known);
    return known;
  };
}

/** Makes the file for its owner alone, sees that it is a database that can be written to, and turns WAL mode on. */
async function prepareFile(file: string, busyTimeout: number): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await (await open(file, 'a', 0o600)).close();
  await retryUntil(deadlineIn(busyTimeout), PAUSES, isBusy, async () => {
    const database = new Sqlite(file, { timeout: 0 });
    try {
      database.pragma('journal_mode = WAL');
      database.exec('BEGIN IMMEDIATE; ROLLBACK');
      const mode = database.pragma('journal_mode', { simple: true });
      if (mode !== 'wal') throw new DatabaseUnusable('its file system has no room for a write-ahead log');
    } finally {
      database.close();
    }
  });
}

function connect(file: string, readonly: boolean): Promise<DataSource> {
  return new DataSource({
    type: 'better-sqlite3',
    driver: Sqlite,
    database: file,
    readonly,
    fileMustExist: true,
    // No waiting inside SQLite: that would stop the event loop. `retryUntil` waits outside.
    timeout: 0,
    prepareDatabase: (database: Sqlite.Database) => {
      // A commit survives a power loss; this build would settle for less in WAL mode.
      database.pragma('synchronous = FULL');
      database.pragma('foreign_keys = ON');
      database.pragma('trusted_schema = OFF');
    },
    entities: SCHEMAS,
    migrations: MIGRATIONS,
    synchronize: false,
    logging: false,
    logger: QUIET,
  }).initialize();
}
