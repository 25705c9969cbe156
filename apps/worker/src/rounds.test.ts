import { createLog } from '@claviger/composition';
import { expect, test } from '@jest/globals';
import { runRounds, type Pause, type Round } from './rounds.js';

/** Rounds whose time passes when the test says so. */
function running(...rounds: readonly Round[]) {
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
  const ended = runRounds(rounds, { log, pause, signal: stop.signal });
  return {
    lines,
    ended,
    stop: () => stop.abort(),
    /** When the next round rests: for how long, and how to end its rest. */
    nextPause: async () => {
      while (pauses.length === 0) await new Promise<void>((resolve) => (noticed = resolve));
      const next = pauses.shift();
      if (!next) throw new Error('nobody rests');
      return next;
    },
  };
}

function counting(fails: (run: number) => boolean = () => false) {
  let runs = 0;
  const round: Round = {
    name: 'counting',
    pause: 1000,
    run: async () => {
      if (fails(++runs)) throw new Error('the disk is on fire');
    },
  };
  return { round, runs: () => runs };
}

test('a round runs at once, and again each time its pause is over', async () => {
  const { round, runs } = counting();
  const worker = running(round);
  for (const expected of [1, 2, 3]) {
    const { ms, end } = await worker.nextPause();
    expect([runs(), ms]).toEqual([expected, 1000]);
    end();
  }
  worker.stop();
  await worker.ended;
});

test('of failures in a row the first is logged and pauses grow, up to five seconds; so is the recovery', async () => {
  const { round } = counting((run) => run < 5);
  const worker = running(round);
  const rests: number[] = [];
  for (let i = 0; i < 5; i++) {
    const { ms, end } = await worker.nextPause();
    rests.push(ms);
    end();
  }
  await worker.nextPause();
  expect(rests).toEqual([2000, 4000, 5000, 5000, 1000]);
  expect(worker.lines).toMatchObject([
    { level: 'error', round: 'counting', err: { message: 'the disk is on fire' } },
    { level: 'info', msg: 'works again' },
  ]);
  worker.stop();
  await worker.ended;
});

test('a round does not wait for another one', async () => {
  const { round, runs } = counting();
  const worker = running({ name: 'stuck', pause: 1, run: () => new Promise(() => {}) }, round);
  (await worker.nextPause()).end();
  await worker.nextPause();
  expect(runs()).toBe(2);
});

test('the end wakes what rests, waits for what is in hand, and nothing runs again', async () => {
  let finish = () => {};
  let over = false;
  const { round, runs } = counting();
  const slow: Round = { name: 'slow', pause: 1, run: () => new Promise((resolve) => (finish = resolve)) };
  const worker = running(round, slow);
  await worker.nextPause();
  const ended = worker.ended.then(() => (over = true));
  worker.stop();
  await Promise.resolve();
  expect(over).toBe(false);
  finish();
  await ended;
  expect(runs()).toBe(1);
});
