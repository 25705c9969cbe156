import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { startEmbeddedPostgres } from './embedded-postgres.js';

export { startEmbeddedPostgres, type OwnServer } from './embedded-postgres.js';

/** A PostgreSQL server to test against. */
export interface TestServer {
  /** An empty database that nobody else uses. */
  freshDatabase(): Promise<TestDatabase>;
  /** Drops what is left of its databases, and ends the server if it was started here. */
  stop(): Promise<void>;
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * The server that TEST_DATABASE_URL names; else a local one on which we may create databases; else one of our own.
 * Fails rather than leaves a test out.
 */
export async function startPostgres(): Promise<TestServer> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return testServer(given, async () => undefined);
  const local = await findLocalServer();
  if (local) return testServer(local, async () => undefined);
  const own = await startEmbeddedPostgres();
  return testServer(own.url, () => own.stop());
}

/** A server of our own on which a commit waits for the disk. */
export async function startDurablePostgres(): Promise<TestServer> {
  const own = await startEmbeddedPostgres({ durable: true });
  return testServer(own.url, () => own.stop());
}

function testServer(url: string, end: () => Promise<void>): TestServer {
  const left = new Set<TestDatabase>();
  return {
    freshDatabase: async () => {
      const name = `claviger_test_${randomBytes(8).toString('hex')}`;
      await execute(url, `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8'`);
      const database: TestDatabase = {
        url: withDatabase(url, name),
        drop: async () => {
          left.delete(database);
          await execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
        },
      };
      left.add(database);
      return database;
    },
    stop: async () => {
      for (const database of left) await database.drop();
      await end();
    },
  };
}

/** Takes PGHOST, PGUSER and the like into account; null when nobody answers at once or we may not create databases. */
async function findLocalServer(): Promise<string | null> {
  const host = process.env['PGHOST'] ?? '127.0.0.1';
  const user = process.env['PGUSER'] ?? 'postgres';
  const password = process.env['PGPASSWORD'] ?? '';
  const url = new URL(`postgres://localhost:${process.env['PGPORT'] ?? '5432'}/postgres`);
  url.username = encodeURIComponent(user);
  url.password = encodeURIComponent(password);
  if (host.startsWith('/')) url.searchParams.set('host', host);
  else url.hostname = host;
  try {
    const rows = await execute(
      url.href,
      'SELECT 1 FROM pg_roles WHERE rolname = current_user AND (rolcreatedb OR rolsuper)',
    );
    return rows === 1 ? url.href : null;
  } catch {
    return null;
  }
}

/** Every row of every table of that database, as text. */
export async function readEverything(url: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      "SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public'",
    );
    const lines: string[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ line: string }>(`SELECT ${name}::text AS line FROM ${name}`);
      lines.push(...rows.map(({ line }) => `${name} ${line}`));
    }
    return lines.join('\n');
  } finally {
    await client.end();
  }
}

async function execute(url: string, statement: string): Promise<number | null> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount;
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
