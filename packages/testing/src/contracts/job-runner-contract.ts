import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { JobHandlers, JobOf, JobRunner, UnitOfWork } from '@claviger/domain';
import { aJob } from '../builders.js';

/** Whatever adds jobs and runs them. */
export interface Jobs {
  readonly jobs: JobRunner;
  readonly unitOfWork: UnitOfWork;
}

/** Two that share one database in which no job waits, and what happens to a third in a process of its own. */
export interface SharedJobs {
  readonly one: Jobs;
  readonly other: Jobs;
  /** Resolves when another process was killed in the middle of a job that waited. */
  beginAndBeKilled(): Promise<void>;
}

/** What everybody keeps who runs jobs. */
export function jobRunnerContract(open: () => Promise<SharedJobs>): void {
  describe('a runner of jobs', () => {
    let shared: SharedJobs;
    const running: Running[] = [];
    beforeEach(async () => {
      shared = await open();
    });
    afterEach(async () => {
      for (const runner of running.splice(0)) await runner.end();
    });

    const start = (handle: Handler, { on = shared.one, concurrency = 4 } = {}): Running => {
      const runner = startRunning(on.jobs, handle, concurrency);
      running.push(runner);
      return runner;
    };
    const add = (...jobs: readonly JobOf<'deliver'>[]) =>
      shared.one.unitOfWork.run(async (stores) => {
        for (const job of jobs) await stores.jobs.add(job);
      });
    const job = (name: string, told: Partial<JobOf<'deliver'>> = {}) =>
      aJob({ payload: { webhookId: name }, at: Date.now(), ...told });

    test('runs a job once the unit of work that added it is committed, and never when it failed', async () => {
      const done = ledger();
      start(async (name) => done.write(name));
      await shared.one.unitOfWork.run(async ({ jobs }) => {
        await jobs.add(job('committed'));
        await delay(50);
        expect(done.written).toEqual([]);
      });
      const late = shared.one.unitOfWork.run(async ({ jobs }) => {
        await jobs.add(job('failed'));
        throw new Error('late');
      });
      await expect(late).rejects.toThrow('late');
      await done.has(1);
      await add(job('after'));
      expect(await done.has(2)).toEqual(['committed', 'after']);
    });

    test('runs what was added when nobody ran', async () => {
      await add(job('before'));
      const done = ledger();
      start(async (name) => done.write(name));
      expect(await done.has(1)).toEqual(['before']);
    });

    test('hands every kind of job to its own handler, with what it has to know', async () => {
      const done = ledger();
      const plain = async (name: string, payload: unknown) => done.write(`${name} ${JSON.stringify(payload)}`);
      const handlers: JobHandlers = {
        deliver: (payload) => plain('deliver', payload),
        'delete-expired': (payload) => plain('delete-expired', payload),
        'retire-idle': (payload) => plain('retire-idle', payload),
        'warn-of-expiry': (payload) => plain('warn-of-expiry', payload),
        'seal-audit': (payload) => plain('seal-audit', payload),
        'rotate-signing-keys': (payload) => plain('rotate-signing-keys', payload),
      };
      const tasks = ['delete-expired', 'retire-idle', 'warn-of-expiry', 'seal-audit', 'rotate-signing-keys'] as const;
      await shared.one.unitOfWork.run(async ({ jobs }) => {
        for (const task of tasks) await jobs.add({ task, payload: {}, key: task, queue: task, at: 0 });
        await jobs.add(job('行政 "x"'));
      });
      running.push(startHandling(shared.one.jobs, handlers, 4));
      expect((await done.has(6)).toSorted()).toEqual(
        [...tasks.map((task) => `${task} {}`), 'deliver {"webhookId":"行政 \\"x\\""}'].toSorted(),
      );
    });

    test('begins no job before its time', async () => {
      const done = ledger();
      start(async (name) => done.write(`${name} ${Date.now()}`));
      const at = Date.now() + 700;
      await add(job('later', { at }), job('now'));
      const [first, second] = (await done.has(2)).map((line) => line.split(' '));
      expect([first?.[0], second?.[0]]).toEqual(['now', 'later']);
      expect(Number(second?.[1])).toBeGreaterThanOrEqual(at);
    });

    test('runs of the jobs with one key that wait the one that was added last', async () => {
      const done = ledger();
      await add(job('first', { key: 'one' }), job('second', { key: 'one' }));
      await add(job('third', { key: 'one', queue: 'another', at: Date.now() + 300 }), job('other'));
      start(async (name) => done.write(name));
      expect(await done.has(2)).toEqual(['other', 'third']);
      expect(await shared.one.jobs.lag()).toEqual({ due: 0, oldest: null });
    });

    test('leaves a job that is in hand as it is when another is added under its key, which runs after it', async () => {
      const [begun, ended, gate] = [ledger(), ledger(), ledger()];
      start(async (name) => {
        begun.write(name);
        if (name === 'first') await gate.has(1);
        ended.write(name);
      });
      await add(job('first', { key: 'one', queue: 'one' }));
      await begun.has(1);
      await add(job('second', { key: 'one', queue: 'one' }));
      await add(job('third', { key: 'one', queue: 'one' }), job('other'));
      await ended.has(1);
      expect(begun.written).toEqual(['first', 'other']);
      gate.write('open');
      expect(await ended.has(3)).toEqual(['other', 'first', 'third']);
    });

    test('never runs two jobs of one queue at once, be there several runners, and those of others meanwhile', async () => {
      const [done, met] = [ledger(), ledger()];
      let [inHand, most] = [0, 0];
      const handle = async (name: string) => {
        if (name === 'meeting') {
          met.write(name);
          await met.has(2);
          return;
        }
        most = Math.max(most, ++inHand);
        await delay(20);
        inHand -= 1;
        done.write(name);
      };
      await add(...['a', 'b', 'c', 'd'].map((name) => job(name, { queue: 'serial' })), job('meeting'), job('meeting'));
      start(handle);
      start(handle, { on: shared.other });
      expect((await done.has(4)).toSorted()).toEqual(['a', 'b', 'c', 'd']);
      expect(most).toBe(1);
      await met.has(2);
    });

    test('has no more jobs in hand than it is told', async () => {
      const [begun, gate] = [ledger(), ledger()];
      let [inHand, most] = [0, 0];
      const handle = async (name: string) => {
        most = Math.max(most, ++inHand);
        begun.write(name);
        await gate.has(1);
        inHand -= 1;
      };
      start(handle, { concurrency: 2 });
      await add(...Array.from({ length: 5 }, (_, i) => job(String(i))));
      await begun.has(2);
      expect((await shared.one.jobs.lag()).due).toBe(3);
      gate.write('open');
      await begun.has(5);
      expect(most).toBe(2);
    });

    test('tries a job again that failed, and tells why it did', async () => {
      const done = ledger();
      const runner = start(async (name) => {
        done.write(name);
        if (name === 'bad' && done.written.filter((written) => written === 'bad').length === 1) throw new Error('why');
      });
      await add(job('bad', { queue: 'one' }));
      await done.has(1);
      // It waits for its next try, and keeps nobody else of its queue waiting.
      await add(job('good', { queue: 'one' }));
      expect(await done.has(3)).toEqual(['bad', 'good', 'bad']);
      expect(runner.failures).toEqual([['deliver', new Error('why')]]);
      await runner.end();
      expect(await shared.one.jobs.lag()).toEqual({ due: 0, oldest: null });
    });

    test('does not try a job again that failed when another was added under its key', async () => {
      const [done, gate] = [ledger(), ledger()];
      const runner = start(async (name) => {
        done.write(name);
        if (name !== 'first') return;
        await gate.has(1);
        throw new Error('why');
      });
      await add(job('first', { key: 'one', queue: 'one' }));
      await done.has(1);
      await add(job('second', { key: 'one', queue: 'one' }));
      gate.write('open');
      expect(await done.has(2)).toEqual(['first', 'second']);
      await runner.end();
      expect(runner.failures).toHaveLength(1);
      expect(await shared.one.jobs.lag()).toEqual({ due: 0, oldest: null });
    });

    test('shares the jobs with other runners, each to one of them', async () => {
      const [mine, theirs, both] = [ledger(), ledger(), ledger()];
      const names = Array.from({ length: 40 }, (_, i) => String(i));
      const handle = (own: Ledger) => async (name: string) => {
        own.write(name);
        both.write(name);
        // Nobody can do all of them alone.
        await Promise.all([mine.has(1), theirs.has(1)]);
      };
      start(handle(mine));
      start(handle(theirs), { on: shared.other });
      await add(...names.map((name) => job(name)));
      await both.has(names.length);
      for (const runner of running) await runner.end();
      expect(both.written.toSorted()).toEqual(names.toSorted());
    });

    test('runs the job that a process had in hand when it was killed, within 10 seconds', async () => {
      await add(job('abandoned', { queue: 'one' }), job('behind it', { queue: 'one', at: Date.now() + 1 }));
      await shared.beginAndBeKilled();
      const killed = performance.now();
      const done = ledger();
      start(async (name) => done.write(name));
      expect(await done.has(2)).toEqual(['abandoned', 'behind it']);
      expect(performance.now() - killed).toBeLessThan(10_000);
    });

    test('finishes the jobs that are in hand when it shall end, and begins no other', async () => {
      const [begun, ended, gate] = [ledger(), ledger(), ledger()];
      const runner = start(async (name) => {
        begun.write(name);
        await gate.has(1);
        ended.write(name);
      });
      await add(job('in hand'));
      await begun.has(1);
      const ending = runner.end().then(() => ended.write('the end'));
      await add(job('too late'));
      await delay(300);
      expect(ended.written).toEqual([]);
      gate.write('open');
      await ending;
      expect(ended.written).toEqual(['in hand', 'the end']);
      expect(begun.written).toEqual(['in hand']);
      expect((await shared.one.jobs.lag()).due).toBe(1);
    });

    test('ends at once when nothing is in hand', async () => {
      await start(async () => undefined).end();
    });

    test('tells how many jobs are due and not begun, and since when', async () => {
      const [begun, gate] = [ledger(), ledger()];
      const now = Date.now();
      expect(await shared.one.jobs.lag()).toEqual({ due: 0, oldest: null });
      await add(
        job('first', { queue: 'one', at: now - 5_000 }),
        job('second', { queue: 'one', at: now - 3_000 }),
        job('third', { queue: 'one', at: now - 4_000 }),
        job('later', { at: now + 60_000 }),
      );
      expect(await shared.other.jobs.lag()).toEqual({ due: 3, oldest: now - 5_000 });
      start(async (name) => {
        begun.write(name);
        await gate.has(1);
      });
      await begun.has(1);
      expect(await shared.other.jobs.lag()).toEqual({ due: 2, oldest: now - 4_000 });
      gate.write('open');
      expect(await begun.has(3)).toEqual(['first', 'third', 'second']);
    });
  });
}

type Handler = (name: string) => Promise<void>;

interface Running {
  readonly failures: readonly (readonly [string, unknown])[];
  /** Resolves when the runner has ended. */
  end(): Promise<void>;
}

/** Every job is one to deliver; its webhook is its name. */
function startRunning(runner: JobRunner, handle: Handler, concurrency: number): Running {
  const nothing = async () => undefined;
  const handlers: JobHandlers = {
    deliver: ({ webhookId }) => handle(webhookId),
    'delete-expired': nothing,
    'retire-idle': nothing,
    'warn-of-expiry': nothing,
    'seal-audit': nothing,
    'rotate-signing-keys': nothing,
  };
  return startHandling(runner, handlers, concurrency);
}

function startHandling(runner: JobRunner, handlers: JobHandlers, concurrency: number): Running {
  const failures: [string, unknown][] = [];
  let end: () => void = () => undefined;
  const ending = new Promise<void>((resolve) => {
    end = resolve;
  });
  const onFailure = (task: string, error: unknown) => void failures.push([task, error]);
  const ended = runner.run(handlers, { ending, concurrency, onFailure });
  return {
    failures,
    end: () => {
      end();
      return ended;
    },
  };
}

/** What was written down, and a way to wait for it. */
interface Ledger {
  readonly written: readonly string[];
  write(line: string): void;
  /** Resolves with all of them as soon as there are so many. */
  has(count: number): Promise<readonly string[]>;
}

function ledger(): Ledger {
  const written: string[] = [];
  const readers = new Set<() => void>();
  return {
    written,
    write: (line) => {
      written.push(line);
      for (const read of readers) read();
    },
    has: (count) =>
      new Promise((resolve) => {
        const read = () => {
          if (written.length < count) return;
          readers.delete(read);
          resolve([...written]);
        };
        readers.add(read);
        read();
      }),
  };
}
