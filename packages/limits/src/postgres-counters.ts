import { Pool } from 'pg';
import { RateLimiterPostgres } from 'rate-limiter-flexible';
import { REACHED, REMOVE_EXPIRED, type Counter, type Counters } from './counters.js';
import { storeOptions } from './limiter-options.js';

/** Milliseconds. A caller who failed waits for the count: not long, when the server is away. */
const [CONNECT_TIMEOUT, STATEMENT_TIMEOUT] = [1_000, 1_000];
const CONNECTIONS = 2;

/** Counters in tables of the database, which its migrations made. Connections of their own, so that counting waits for nobody. */
export function openPostgresCounters(url: string): Counters {
  const pool = new Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    statement_timeout: STATEMENT_TIMEOUT,
    query_timeout: 2 * STATEMENT_TIMEOUT,
    application_name: 'claviger limits',
    keepAlive: true,
  });
  // An idle connection that breaks is replaced by the pool.
  pool.on('error', () => undefined);

  return {
    limiter: (counted, rule) =>
      new RateLimiterPostgres({ ...storeOptions(counted, rule), storeClient: pool, storeType: 'pool' }),
    reached: async (counted, points) => {
      const { rows } = await pool.query<Omit<Counter, 'expire'> & { expire: string }>(numbered(REACHED(counted)), [
        points,
        Date.now(),
      ]);
      // The driver gives 64-bit numbers as text.
      return rows.map(({ key, points: reached, expire }) => ({ key, points: reached, expire: Number(expire) }));
    },
    removeExpired: async (counted) => void (await pool.query(numbered(REMOVE_EXPIRED(counted)), [Date.now()])),
    close: () => pool.end(),
  };
}

/** With the placeholders of PostgreSQL. */
function numbered(statement: string): string {
  let count = 0;
  return statement.replaceAll('?', () => `$${++count}`);
}
