import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { openLimits, type Limits } from '../src/index.js';
import { fail, HERE, limitsContract, RULE, SECRET } from './limits-contract.js';

describe('limits in a SQLite file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claviger-limits-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  let files = 0;
  const freshFile = () => join(folder, `fresh-${++files}-limits.db`);
  const told: unknown[] = [];
  const open = (file: string): Promise<Limits> => {
    told.length = 0;
    const place = { kind: 'sqlite', file } as const;
    const onStore = (trouble: unknown) => void told.push(trouble);
    return openLimits({ place, secret: SECRET, failures: RULE, requests: null, onStore, lookEvery: 10 });
  };
  const alice = { name: 'alice', address: HERE };

  limitsContract(async () => ({ kind: 'sqlite', file: freshFile() }));

  test('the file belongs to its owner alone and shows nobody’s name or address', async () => {
    const file = freshFile();
    const limits = await open(file);
    await fail(limits, 1, 'my-password-by-mistake');
    for (const path of [file, `${file}-wal`]) {
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      const kept = String(await readFile(path));
      expect(kept).not.toContain('my-password');
      expect(kept).not.toContain(HERE);
    }
    await limits.close();
  });

  test('a file that another process locks stops nobody: this process counts for itself', async () => {
    const file = freshFile();
    const limits = await open(file);
    const other = new Sqlite(file);
    other.exec('BEGIN EXCLUSIVE');
    const begun = performance.now();
    await fail(limits, 3, 'alice');
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(limits.failures.waitOf(alice)).toBeGreaterThan(0);
    other.exec('ROLLBACK');
    other.close();
    await limits.close();
  });

  test('a file that is no database stops nobody: counters are kept in memory, and that is told', async () => {
    const file = freshFile();
    await writeFile(file, 'This is a text. '.repeat(100));
    const limits = await open(file);
    expect(told).toEqual([expect.objectContaining({ code: 'SQLITE_NOTADB' })]);
    await fail(limits, 2, 'alice');
    expect(limits.failures.waitOf(alice)).toBe(0);
    await fail(limits, 1, 'alice');
    expect(limits.failures.waitOf(alice)).toBeGreaterThan(0);
    await limits.close();
    expect(String(await readFile(file))).toContain('This is a text.');
  });

  test('what has expired is removed when the file is opened, and nothing younger', async () => {
    const file = freshFile();
    await (await open(file)).close();
    const other = new Sqlite(file);
    const insert = other.prepare('INSERT INTO limit_failures VALUES (?, 1, ?)');
    insert.run('old', Date.now() - 1);
    insert.run('young', Date.now() + 60_000);
    await (await open(file)).close();
    expect(other.prepare('SELECT key FROM limit_failures').pluck().all()).toEqual(['young']);
    other.close();
  });
});
