import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { aJob } from '@claviger/testing';
import { jobRunnerContract } from '@claviger/testing/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import Sqlite from 'better-sqlite3';
import { openDatabase, type Database } from '../src/index.js';
import { openSqlite } from '../src/sqlite-engine.js';
import { SqliteJobRunner } from '../src/sqlite-job-runner.js';
import { SQLITE } from './engine-options.js';
import { startRacer } from './racers.js';
import { running } from './running.js';

describe('jobs on SQLite', () => {
  let folder: string;
  let file: string;
  let one: Database;
  let other: Database;
  let aside: Sqlite.Database;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'claviger-'));
    file = join(folder, 'claviger.db');
    const open = () => openDatabase({ url: `sqlite:${file}`, migrate: 'auto', startTimeout: 0 });
    [one, other] = [await open(), await open()];
    aside = new Sqlite(file);
  });

  afterAll(async () => {
    aside.close();
    await Promise.all([one.close(), other.close()]);
    await rm(folder, { recursive: true });
  });

  jobRunnerContract(async () => {
    aside.exec('DELETE FROM jobs');
    return {
      one,
      other,
      beginAndBeKilled: async () => {
        const doomed = await startRacer(`sqlite:${file}`, 1);
        await doomed.askAndKill({ task: 'runJobsForEver', lease: 1_000 }, 1);
      },
    };
  });

  test('a job stays in hand for as long as it takes, while its runner lives', async () => {
    aside.exec('DELETE FROM jobs');
    const engine = await openSqlite(file, SQLITE);
    // Of three leases.
    const runners = [1, 2].map(() => running(new SqliteJobRunner(engine, 200), () => delay(600)));
    await one.unitOfWork.run(({ jobs }) => jobs.add(aJob({ payload: { webhookId: 'long' } })));
    const done = () => runners.flatMap((runner) => runner.done);
    while (done().length === 0) await delay(10);
    await Promise.all(runners.map((runner) => runner.end()));
    await engine.close();
    expect(runners.flatMap(({ begun }) => begun)).toEqual(['long']);
    expect(aside.prepare('SELECT * FROM jobs').all()).toEqual([]);
  });

  test('a runner goes on when the file was locked for a while', async () => {
    aside.exec('DELETE FROM jobs');
    const engine = await openSqlite(file, { ...SQLITE, busyTimeout: 100 });
    const runner = running(new SqliteJobRunner(engine));
    await one.unitOfWork.run(async ({ jobs }) => {
      await jobs.add(aJob({ payload: { webhookId: 'first' }, at: 0 }));
    });
    while (runner.done.length < 1) await delay(10);
    await one.unitOfWork.run(({ jobs }) => jobs.add(aJob({ payload: { webhookId: 'second' }, at: Date.now() + 300 })));
    aside.exec('BEGIN IMMEDIATE');
    while (runner.failures.length === 0) await delay(10);
    aside.exec('COMMIT');
    while (runner.done.length < 2) await delay(10);
    await runner.end();
    await engine.close();
    expect(runner.done).toEqual(['first', 'second']);
    for (const failure of runner.failures)
      expect(failure).toEqual(['job-runner', expect.objectContaining({ code: 'database_unavailable' })]);
  });
});
