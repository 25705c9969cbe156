import { fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { aJob, tcpProxy } from '@claviger/testing';
import { jobRunnerContract } from '@claviger/testing/contracts';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import type { Engine } from '../src/engine.js';
import { openDatabase, type Database } from '../src/index.js';
import { connectionTo, openPostgres } from '../src/postgres-engine.js';
import { PostgresJobRunner } from '../src/postgres-job-runner.js';
import { POSTGRES } from './engine-options.js';
import { startRacer } from './racers.js';
import { running } from './running.js';

describe('jobs on PostgreSQL', () => {
  let server: TestServer;
  let url: string;
  let one: Database;
  let other: Database;
  let engine: Engine;
  let aside: Client;

  beforeAll(async () => {
    server = await startPostgres();
    ({ url } = await server.freshDatabase());
    const open = () => openDatabase({ url, migrate: 'auto', startTimeout: 0 });
    [one, other] = [await open(), await open()];
    engine = await openPostgres(url, POSTGRES);
    aside = new Client({ connectionString: url });
    await aside.connect();
  });

  afterAll(async () => {
    await aside.end();
    await Promise.all([one.close(), other.close(), engine.close()]);
    await server.stop();
  });

  const emptied = () => aside.query('DELETE FROM graphile_worker._private_jobs');
  beforeEach(async () => void (await emptied()));

  const add = (name: string, told: Parameters<typeof aJob>[0] = {}) =>
    one.unitOfWork.run(({ jobs }) => jobs.add(aJob({ at: Date.now(), payload: { webhookId: name }, ...told })));
  const until = async (isTrue: () => Promise<boolean> | boolean) => {
    while (!(await isTrue())) await delay(10);
  };

  jobRunnerContract(async () => ({
    one,
    other,
    beginAndBeKilled: async () => {
      const doomed = await startRacer(url, 1);
      await doomed.askAndKill({ task: 'runJobsForEver' }, 1);
    },
  }));

  test('a job that is begun in the very moment in which another is added under its key takes it not along', async () => {
    await add('first', { key: 'one' });
    await aside.query("BEGIN; UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'a worker'");
    const adding = add('second', { key: 'one' });
    const statement = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = ?";
    const waiting = { name: 'waiting', statement, toValue: ([row]: readonly object[]) => row ?? {} };
    await until(async () => (await engine.find(waiting, new URL(url).pathname.slice(1))) !== null);
    await aside.query('COMMIT');
    await adding;
    const { rows } = await aside.query('SELECT key, payload FROM graphile_worker._private_jobs ORDER BY id');
    expect(rows).toEqual([
      { key: null, payload: { webhookId: 'first' } },
      { key: 'one', payload: { webhookId: 'second' } },
    ]);
    expect((await one.jobs.lag()).due).toBe(1);
  });

  test('whoever adds several jobs waits for none that somebody holds, because they hold some themselves', async () => {
    const together = (...keys: string[]) =>
      one.unitOfWork.run(async ({ jobs }) => {
        for (const key of keys) await jobs.add(aJob({ key }));
      });
    await together('one', 'two');
    await aside.query("BEGIN; SELECT 1 FROM graphile_worker._private_jobs WHERE key = 'two' FOR UPDATE");
    await expect(together('one', 'two')).rejects.toMatchObject({ code: 'write_was_stale' });
    const waiting = together('two');
    await aside.query('COMMIT');
    await waiting;
    await together('one', 'two');
    expect((await aside.query('SELECT key FROM graphile_worker._private_jobs')).rows).toHaveLength(2);
  });

  test('a runner goes on after the end of a job could not be written down, with that job too', async () => {
    await aside.query(`
      CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'deadlock detected' USING ERRCODE = '40P01'; END $$;
      CREATE TRIGGER refuse BEFORE DELETE ON graphile_worker._private_jobs FOR EACH ROW
        WHEN (OLD.payload ->> 'webhookId' = 'doomed') EXECUTE FUNCTION pg_temp.refuse()`);
    const inHand = ['first', 'second', 'third'];
    const gates = new EventEmitter();
    const job = async (name: string) => inHand.includes(name) && once(gates, name);
    const runner = running(new PostgresJobRunner(engine, connectionTo(url)), job, inHand.length + 1);
    for (const name of [...inHand, 'doomed']) await add(name);
    await until(() => runner.failures.length > 0);
    await aside.query('DROP TRIGGER refuse ON graphile_worker._private_jobs');
    // Each is written down before the next one ends: so often the library miscounts.
    for (const name of inHand) {
      gates.emit(name);
      const kept = "SELECT 1 FROM graphile_worker._private_jobs WHERE payload ->> 'webhookId' = $1";
      await until(async () => (await aside.query(kept, [name])).rows.length === 0);
    }
    await add('next');
    await until(() => runner.done.includes('next') && runner.done.filter((name) => name === 'doomed').length === 2);
    await runner.end();
    expect((await aside.query('SELECT 1 FROM graphile_worker._private_jobs')).rows).toEqual([]);
  });

  test('a runner goes on when the server was away, from the start on and in the middle', async () => {
    const through = new URL(url);
    const proxy = await tcpProxy({ host: through.hostname, port: Number(through.port) });
    through.host = `127.0.0.1:${proxy.port}`;
    await proxy.cut();
    const runner = running(new PostgresJobRunner(engine, connectionTo(through.href)));
    await until(() => runner.failures.length > 0);
    await proxy.listen();
    await add('first');
    await until(() => runner.done.length === 1);
    await proxy.cut();
    await add('second');
    await proxy.listen();
    await until(() => runner.done.length === 2);
    await proxy.cut();
    await runner.end();
    expect(runner.done).toEqual(['first', 'second']);
    for (const [task, error] of runner.failures) {
      expect(task).toBe('job-runner');
      expect(String(error)).not.toContain('postgres://');
    }
  });

  test('a runner that only loses its connections keeps what it has in hand, and takes them up again', async () => {
    // Longer than it takes to make a connection anew.
    const watch = 700;
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const runner = () => running(new PostgresJobRunner(engine, connectionTo(url), watch), () => gate);
    const runners = [runner(), runner()];
    const [begun, done] = [() => runners.flatMap((each) => each.begun), () => runners.flatMap((each) => each.done)];
    await add('long');
    await until(() => begun().length === 1);
    await aside.query(`SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND mode = 'ExclusiveLock' AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    // Longer than it takes to find out that a runner is gone.
    await delay(3 * watch);
    expect(begun()).toEqual(['long']);
    open();
    await add('next');
    await until(() => done().length === 2);
    await Promise.all(runners.map((each) => each.end()));
    expect(begun().toSorted()).toEqual(['long', 'next']);
  });

  test('a runner of whom nothing is heard once is not yet taken for gone', async () => {
    const watch = 1_000;
    await add('in hand');
    await aside.query("UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'somebody'");
    const begun = performance.now();
    const runner = running(new PostgresJobRunner(engine, connectionTo(url), watch));
    await until(() => runner.done.length === 1);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(watch);
    await runner.end();
  });

  test('pauses do not grow without end, and what is left behind is cleared away', async () => {
    await add('failing', { at: Date.now() + 3_600_000 });
    await add('replaced', { key: 'one' });
    await add('done by two', { queue: 'left behind' });
    await aside.query(`
      UPDATE graphile_worker._private_jobs SET attempts = 9 WHERE run_at > now();
      UPDATE graphile_worker._private_jobs SET key = NULL, attempts = max_attempts WHERE key = 'one';
      DELETE FROM graphile_worker._private_jobs WHERE payload ->> 'webhookId' = 'done by two';
      UPDATE graphile_worker._private_job_queues SET locked_at = now(), locked_by = 'somebody'
      WHERE queue_name = 'left behind'`);
    const runner = running(new PostgresJobRunner(engine, connectionTo(url), 5));
    const state = async () => {
      const jobs = await aside.query('SELECT attempts FROM graphile_worker._private_jobs');
      const locked = await aside.query(
        'SELECT queue_name FROM graphile_worker._private_job_queues WHERE locked_by IS NOT NULL',
      );
      return JSON.stringify([jobs.rows, locked.rows]);
    };
    await until(async () => (await state()) === '[[{"attempts":5}],[]]');
    await runner.end();
    expect(runner.failures).toEqual([]);
  });

  test('the library is loaded by whoever runs jobs, and not by who only adds them', async () => {
    const script = fileURLToPath(new URL('loads-the-library.mjs', import.meta.url));
    const process = fork(script, [url], { execArgv: [] });
    const gone = once(process, 'exit');
    const [told] = (await once(process, 'message')) as [unknown];
    expect(told).toEqual({ whenAdding: false, whenRunning: true });
    await gone;
  });
});
