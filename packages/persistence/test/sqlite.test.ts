import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { issueCredential } from '@claviger/domain';
import { anAccount, anEvent, plainSecrets } from '@claviger/testing';
import { databaseContract } from '@claviger/testing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { DatabaseUnusable, openDatabase, type Database } from '../src/index.js';
import { openSqlite } from '../src/sqlite-engine.js';
import { SQLITE } from './engine-options.js';
import { EMPTY_ALL } from './empty-database.js';
import { keptReadsContract } from './kept-reads-contract.js';
import { openingContract } from './opening-contract.js';
import { queryPlansOn } from './query-plans.js';
import { racesOn } from './races.js';

async function past(url: string, statement: string): Promise<void> {
  const other = new Sqlite(url.slice('sqlite:'.length));
  other.exec(statement);
  other.close();
}

describe('the database on SQLite', () => {
  let folder: string;
  let file: string;
  let database: Database;
  let aside: Sqlite.Database;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claviger-'));
    file = join(folder, 'data', 'claviger.db');
    const options = { migrate: 'auto', startTimeout: 0, busyTimeout: 500, keeping: true } as const;
    database = await openDatabase({ url: `sqlite:${file}`, ...options });
    aside = new Sqlite(file);
  });

  afterAll(async () => {
    aside.close();
    await database.close();
    await rm(folder, { recursive: true });
  });

  let files = 0;
  const freshFile = () => join(folder, `fresh-${++files}.db`);
  const open = (path: string) => openDatabase({ url: `sqlite:${path}`, migrate: 'auto', startTimeout: 60_000 });

  const emptied = async () => {
    aside.exec(`${EMPTY_ALL} DELETE FROM jobs;`);
    return database;
  };

  databaseContract(emptied, ({ jobs }) => jobs.lag());

  openingContract(async () => `sqlite:${freshFile()}`, past);

  keptReadsContract(async () => `sqlite:${freshFile()}`, past);

  racesOn(async () => `sqlite:${freshFile()}`, 10);

  queryPlansOn(
    'sqlite',
    async () => `sqlite:${freshFile()}`,
    (url) => openSqlite(url.slice('sqlite:'.length), SQLITE),
  );

  describe('the file', () => {
    test('belongs to its owner alone, and so does the folder that is made for it', async () => {
      const modeOf = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
      expect(await modeOf(join(folder, 'data'))).toBe('700');
      for (const name of await readdir(join(folder, 'data')))
        expect([name, await modeOf(join(folder, 'data', name))]).toEqual([name, '600']);
    });

    test('holds no secret in clear, the write-ahead log included', async () => {
      const key = plainSecrets().newKey();
      const account = anAccount({ credentials: [issueCredential(key, 'PLATFORM', 0)] });
      await database.unitOfWork.run(({ accounts }) => accounts.add(account, anEvent('account.opened')));
      const kept = (await Promise.all([file, `${file}-wal`].map((path) => readFile(path)))).map(String).join('');
      expect(kept).toContain(key.accessKey);
      expect(kept).not.toContain(key.secretKey.slice(8));
    });

    test('is waited for while another process writes, without stopping this one', async () => {
      const other = new Sqlite(file);
      other.exec('BEGIN IMMEDIATE');
      let ticks = 0;
      const ticking = setInterval(() => {
        if (++ticks === 10) other.exec('COMMIT');
      }, 10);
      const account = anAccount();
      await database.unitOfWork.run(({ accounts }) => accounts.add(account, anEvent('account.opened')));
      clearInterval(ticking);
      other.close();
      expect(ticks).toBeGreaterThanOrEqual(10);
      expect(await database.accounts.find(account.appId)).toEqual(account);
    });

    test('that another process keeps locked is unavailable to all who wait, at about the same time', async () => {
      const other = new Sqlite(file);
      other.exec('BEGIN IMMEDIATE');
      const begun = performance.now();
      const waiting = [1, 2, 3, 4].map(() =>
        database.unitOfWork.run(({ accounts }) => accounts.add(anAccount(), anEvent('account.opened'))),
      );
      for (const one of waiting) await expect(one).rejects.toMatchObject({ code: 'database_unavailable' });
      // Half a second each would be two.
      expect(performance.now() - begun).toBeLessThan(1_500);
      expect(await database.accounts.count({})).toBeGreaterThan(0);
      other.exec('ROLLBACK');
      other.close();
      await database.unitOfWork.run(({ accounts }) => accounts.add(anAccount(), anEvent('account.opened')));
    });

    test('is not there any more when somebody has deleted or replaced it', async () => {
      const path = freshFile();
      const lost = await open(path);
      await lost.ping();
      await rm(path);
      await expect(lost.ping()).rejects.toMatchObject({ code: 'database_unavailable' });
      await writeFile(path, '');
      await expect(lost.ping()).rejects.toMatchObject({ code: 'database_unavailable' });
      await lost.close();
    });

    test('ends the start at once when it is no database, or a folder', async () => {
      const path = freshFile();
      await writeFile(path, 'This is a text. '.repeat(100));
      await expect(open(path)).rejects.toThrow(DatabaseUnusable);
      await expect(open(path)).rejects.toThrow(`The database ${path} cannot be used: it is not a SQLite database.`);
      await expect(open(folder)).rejects.toThrow(`The database ${folder} cannot be used: it cannot be opened.`);
    });

    test('ends the start at once when its pages are corrupt', async () => {
      const path = freshFile();
      await (await open(path)).close();
      const bytes = await readFile(path);
      await writeFile(path, bytes.fill(0xff, 100, 4096));
      await expect(open(path)).rejects.toThrow(`The database ${path} cannot be used: it is corrupt.`);
    });

    test('ends the start at once when it cannot be written to', async () => {
      const shut = join(await mkdtemp(join(tmpdir(), 'claviger-shut-')), 'shut.db');
      await (await open(shut)).close();
      await chmod(shut, 0o444);
      await chmod(join(shut, '..'), 0o555);
      const script = fileURLToPath(new URL('open-as-nobody.mjs', import.meta.url));
      const nobody = fork(script, [shut], { execArgv: [] });
      const [told] = (await once(nobody, 'message')) as [string];
      expect(told).toBe(`DatabaseUnusable: The database ${shut} cannot be used: it cannot be written to.`);
      await chmod(join(shut, '..'), 0o755);
      await rm(join(shut, '..'), { recursive: true });
    });

    test('makes folders that are missing, but none out of a file', async () => {
      const path = join(folder, 'a', 'b', 'c.db');
      await (await open(path)).close();
      await expect(open(join(path, 'd.db'))).rejects.toThrow(/it cannot be opened/);
    });
  });
});
