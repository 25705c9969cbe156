import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Client } from 'pg';
import { median } from './statistics.js';
import { startSubject, type Subject } from './subject.js';

/** How many write at once. */
const AT_ONCE = 16;
const TABLE = 'CREATE TABLE IF NOT EXISTS bench_rows (id INTEGER PRIMARY KEY, name TEXT, text TEXT, at INTEGER)';
const TEXT = 'x'.repeat(100);

export interface Writes {
  /** Rows a second that the driver alone writes, each in a durable transaction of its own. */
  readonly raw: number;
  readonly accounts: number;
  readonly credentials: number;
}

/** Everything in turns within one run; medians. @param seconds of each turn */
export async function measureWrites(folder: string, url: string, turns: number, seconds: number): Promise<Writes> {
  const subject = await startSubject(folder, url);
  const raw = url.startsWith('sqlite:') ? await sqliteRows(folder) : await postgresRows(url);
  try {
    const measured: Writes[] = [];
    await perSecond(AT_ONCE, 2, accountsOf(subject));
    for (let turn = 0; turn < turns; turn++)
      measured.push({
        raw: await perSecond(1, seconds, raw.write),
        accounts: await perSecond(AT_ONCE, seconds, accountsOf(subject)),
        credentials: await perSecond(AT_ONCE, seconds, subject.addCredential),
      });
    const of = (figure: keyof Writes) => median(measured.map((one) => one[figure]));
    return { raw: of('raw'), accounts: of('accounts'), credentials: of('credentials') };
  } finally {
    await raw.close();
    await subject.api.stop();
  }
}

const accountsOf =
  ({ openAccount }: Subject) =>
  async () =>
    void (await openAccount());

interface Rows {
  readonly write: () => Promise<void>;
  readonly close: () => Promise<void>;
}

async function sqliteRows(folder: string): Promise<Rows> {
  const database = new Sqlite(join(folder, 'raw.db'));
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(TABLE);
  const insert = database.prepare('INSERT INTO bench_rows (name, text, at) VALUES (?, ?, ?)');
  let written = 0;
  return {
    write: async () => void insert.run(`row-${written++}`, TEXT, written),
    close: async () => void database.close(),
  };
}

async function postgresRows(url: string): Promise<Rows> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(TABLE.replace('INTEGER PRIMARY KEY', 'bigserial PRIMARY KEY'));
  let written = 0;
  return {
    write: async () => {
      await client.query('BEGIN');
      const text = 'INSERT INTO bench_rows (name, text, at) VALUES ($1, $2, $3)';
      await client.query({ name: 'insert', text, values: [`row-${written++}`, TEXT, written] });
      await client.query('COMMIT');
    },
    close: () => client.end(),
  };
}

async function perSecond(atOnce: number, seconds: number, write: () => Promise<void>): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const writer = async (): Promise<void> => {
    for (; performance.now() < end; done++) await write();
  };
  await Promise.all(Array.from({ length: atOnce }, writer));
  return done / seconds;
}
