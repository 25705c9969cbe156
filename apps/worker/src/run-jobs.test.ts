import { createLog } from '@claviger/composition';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Job } from './jobs.js';
import { runJobs, type Pause } from './run-jobs.js';

/** A worker whose time passes when the test says so. */
function aWorker(jobs: readonly Job[]) {
  const stop = new AbortController();
  const pauses: { ms: number; end: () => void }[] = [];
  let noticed = () => {};
  const pause: Pause = (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      signal.addEventListener('abort', () => resolve());
      pauses.push({ ms, end: resolve });
      noticed();
    });
  const lines: Record<string, unknown>[] = [];
  const log = createLog('debug', 'worker', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const ended = runJobs(jobs, { log, pause, signal: stop.signal });
  return {
    lines,
    ended,
    stop: () => stop.abort(),
    /** When the next job rests: for how long, and how to end its rest. */
    nextPause: async () => {
      while (pauses.length === 0) await new Promise<void>((resolve) => (noticed = resolve));
      const next = pauses.shift();
      if (!next) throw new Error('nobody rests');
      return next;
    },
  };
}

let runs: number;
beforeEach(() => {
  runs = 0;
});

const counting: Job = {
  name: 'counting',
  every: 1000,
  run: async () => ({ runs: ++runs }),
};

describe('a job', () => {
  test('runs at once, and again each time its pause is over', async () => {
    const worker = aWorker([counting]);
    for (const expected of [1, 2, 3]) {
      const { ms, end } = await worker.nextPause();
      expect([runs, ms]).toEqual([expected, 1000]);
      end();
    }
    worker.stop();
    await worker.ended;
  });

  test('never overlaps itself: its pause begins when it is done', async () => {
    let finish = () => {};
    const slow: Job = { ...counting, run: () => new Promise((resolve) => (finish = () => resolve({ runs: ++runs }))) };
    const worker = aWorker([slow]);
    const pause = worker.nextPause();
    expect(await Promise.race([pause, Promise.resolve('not resting')])).toBe('not resting');
    finish();
    await pause;
    expect(runs).toBe(1);
    worker.stop();
    await worker.ended;
  });

  test('that fails is logged and has its next turn', async () => {
    const failing: Job = {
      ...counting,
      run: async () => {
        if (++runs === 1) throw new Error('the disk is on fire');
        return { runs };
      },
    };
    const worker = aWorker([failing]);
    (await worker.nextPause()).end();
    await worker.nextPause();
    expect(worker.lines).toMatchObject([
      { level: 'error', job: 'counting', err: { message: 'the disk is on fire' } },
      { level: 'info', job: 'counting', runs: 2 },
    ]);
    worker.stop();
    await worker.ended;
  });

  test('does not wait for another one', async () => {
    const stuck: Job = { name: 'stuck', every: 1, run: () => new Promise(() => {}) };
    const worker = aWorker([stuck, counting]);
    (await worker.nextPause()).end();
    await worker.nextPause();
    expect(runs).toBe(2);
  });

  test('with nothing to do says so only to who wants to know', async () => {
    const worker = aWorker([{ ...counting, run: async () => null }]);
    await worker.nextPause();
    expect(worker.lines).toMatchObject([{ level: 'debug', job: 'counting' }]);
    worker.stop();
    await worker.ended;
  });
});

describe('the end', () => {
  test('wakes the jobs that rest, and none runs again', async () => {
    const worker = aWorker([counting]);
    await worker.nextPause();
    worker.stop();
    await worker.ended;
    expect(runs).toBe(1);
  });

  test('waits for the job in hand', async () => {
    let finish = () => {};
    const slow: Job = { ...counting, run: () => new Promise((resolve) => (finish = () => resolve(null))) };
    const worker = aWorker([slow]);
    let over = false;
    const ended = worker.ended.then(() => (over = true));
    worker.stop();
    await Promise.resolve();
    expect(over).toBe(false);
    finish();
    await ended;
  });
});
