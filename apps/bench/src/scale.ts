import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { databaseIn } from './api-server.js';
import { cpuOfCheck } from './cpu-per-request.js';
import { press } from './load.js';
import { median } from './statistics.js';
import { startSubject, type Subject } from './subject.js';

export const ACCOUNTS = 1_000_000;
export const CREDENTIALS = 3 * ACCOUNTS;

/** What it is to tell all accounts. */
interface Whole {
  readonly seconds: number;
  /** Milliseconds that the slowest check meanwhile took, and of some seconds before. */
  readonly wait: number;
  readonly usual: number;
  /** Of memory, in MB. */
  readonly growth: number;
}

export interface Scale {
  /** CPU of a check among few accounts, divided by that among many. */
  readonly ratio: number;
  /** Milliseconds of `list?limit=100` from the beginning, the middle and the end on. */
  readonly pages: readonly [number, number, number];
  readonly whole: Whole;
}

/** On SQLite, two APIs in turns, of which one is given a million accounts; medians over the launches; all are told once. */
export async function measureScale(folder: string, launches: number, seconds: number): Promise<Scale> {
  const ratios: number[] = [];
  const pages: [number, number, number][] = [];
  let whole: Whole | null = null;
  for (let launch = 0; launch < launches; launch++) {
    const few = await startIn(join(folder, `few-${launch}`));
    const many = await startIn(join(folder, `many-${launch}`));
    try {
      fill(join(many.folder, 'claviger.db'));
      for (const { loads } of [few, many]) await press(loads.hit, 2);
      ratios.push((await cpuOfCheck(few, seconds)) / (await cpuOfCheck(many, seconds)));
      pages.push(await pagesOf(many));
      whole ??= await wholeOf(many);
    } finally {
      await few.api.stop();
      await many.api.stop();
      await rm(many.folder, { recursive: true });
    }
  }
  const page = (place: 0 | 1 | 2) => median(pages.map((one) => one[place]));
  if (!whole) throw new Error('There was no launch.');
  return {
    ratio: median(ratios),
    pages: [page(0), page(1), page(2)],
    whole,
  };
}

async function startIn(folder: string): Promise<Subject> {
  await mkdir(folder);
  return startSubject(folder, databaseIn(folder));
}

async function pagesOf({ list }: Subject): Promise<[number, number, number]> {
  const timed = async (after: number): Promise<number> => {
    const times: number[] = [];
    for (let turn = 0; turn < 15; turn++) {
      const begin = performance.now();
      const answer = await list(`?limit=100&cursor=${idOf(after)}`);
      if (((await answer.json()) as { data: unknown[] }).data.length !== 100) throw new Error('the page is not full');
      times.push(performance.now() - begin);
    }
    return median(times);
  };
  return [await timed(0), await timed(ACCOUNTS / 2), await timed(ACCOUNTS - 1000)];
}

async function wholeOf({ api, list, isAnswered }: Subject): Promise<Whole> {
  let told = false;
  const checks = async (until: () => boolean): Promise<number> => {
    const times: number[] = [];
    while (!until()) {
      const begin = performance.now();
      await isAnswered();
      times.push(performance.now() - begin);
    }
    return Math.max(...times);
  };
  const end = performance.now() + 3000;
  const usual = await checks(() => performance.now() > end);
  const before = await api.memory();
  const begin = performance.now();
  const waiting = checks(() => told);
  const answer = await list('');
  if (!answer.body) throw new Error('there is no list');
  let most = 0;
  let looked = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    if ((looked += chunk.length) < 10_000_000) continue;
    looked = 0;
    most = Math.max(most, await api.memory());
  }
  told = true;
  return { wait: await waiting, usual, growth: most - before, seconds: (performance.now() - begin) / 1000 };
}

/** The ids of the accounts, in order of creation. */
function idOf(number: number): string {
  const hex = number.toString(16);
  return `01900000-${hex.slice(0, -4).padStart(4, '0')}-7000-8000-${hex.padStart(12, '0')}`;
}

/** With credentials that nobody can come with: their secrets are those of nobody. */
function fill(file: string): void {
  const database = new Sqlite(file);
  const numbers = `(WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < ${ACCOUNTS}) SELECT n FROM up)`;
  const id = "printf('01900000-%04x-7000-8000-%012x', n >> 16, n)";
  database.pragma('synchronous = OFF');
  database.exec('BEGIN');
  database.exec(`INSERT INTO accounts (id, app_id, app_id_key, owner, locked, grant_types, scope, created_at,
      last_modified_at, version)
    SELECT ${id}, 'app-' || n, 'app-' || n, 'user-' || n % 1000, n % 50 = 0, 'PLATFORM', 'PROJECT', 1790000000000 + n,
      1790000000000 + n, 1 FROM ${numbers}`);
  for (const position of [0, 1, 2])
    database.exec(`INSERT INTO credentials (access_key, account_id, position, secret_mac, secret_pepper, secret_hint,
        grant_type, status, created_at)
      SELECT printf('cak_${position}%029d', n * 7919 % ${ACCOUNTS}), ${id}, ${position}, 'unknown', pepper, 'csk_xxxx',
        'PLATFORM', 'ENABLE', 1790000000000 + n FROM ${numbers}, (SELECT secret_pepper AS pepper FROM credentials ORDER BY created_at LIMIT 1)`);
  database.exec('COMMIT');
  database.close();
}
