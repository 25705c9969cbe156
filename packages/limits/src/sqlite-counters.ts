import { open } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { RateLimiterSQLite } from 'rate-limiter-flexible';
import { REACHED, REMOVE_EXPIRED, type Counted, type Counter, type Counters } from './counters.js';
import { storeOptions } from './limiter-options.js';

/** Milliseconds that a count waits for other processes, and everything else in this one with it. They write for microseconds. */
const BUSY_TIMEOUT = 50;

/**
 * Counters in a SQLite file of their own: counting never waits for whoever writes to the database, and no commit waits
 * for the disk. The folder is there. @throws when the file cannot be used
 */
export async function openSqliteCounters(file: string): Promise<Counters> {
  await (await open(file, 'a', 0o600)).close();
  const database = new Sqlite(file, { timeout: BUSY_TIMEOUT });
  try {
    database.pragma('journal_mode = WAL');
    // What the power takes with it are some counts of the last seconds.
    database.pragma('synchronous = NORMAL');
    database.pragma('trusted_schema = OFF');
    database.exec((['limit_failures', 'limit_requests'] as const).map(tableOf).join(''));
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    limiter: (counted, rule) =>
      new RateLimiterSQLite({ ...storeOptions(counted, rule), storeClient: database, storeType: 'better-sqlite3' }),
    reached: async (counted, points) => database.prepare<unknown[], Counter>(REACHED(counted)).all(points, Date.now()),
    removeExpired: async (counted) => void database.prepare(REMOVE_EXPIRED(counted)).run(Date.now()),
    close: async () => void database.close(),
  };
}

const tableOf = (counted: Counted) => `
  CREATE TABLE IF NOT EXISTS ${counted} (key TEXT PRIMARY KEY, points INTEGER NOT NULL, expire INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS ${counted}_by_expiry ON ${counted} (expire);
  CREATE INDEX IF NOT EXISTS ${counted}_by_points ON ${counted} (points);
`;
