import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { Find, HotRead } from './engine.js';
import { keptReads } from './kept-reads.js';

const READ: HotRead<{ value: number }> = { name: 'read', statement: '', toValue: () => ({ value: 0 }) };

/** A database of one value, and how often it was asked. */
function world() {
  const state = { generation: 0 as number | null, value: 1 as number | null, asked: 0 };
  let gate = Promise.resolve();
  let failure: Error | null = null;
  const find = (async () => {
    state.asked++;
    const { value } = state;
    await gate;
    if (failure) throw failure;
    return value === null ? null : { value };
  }) as Find;
  const kept = keptReads(find, () => state.generation);
  const hold = () => {
    let release: () => void = () => undefined;
    gate = new Promise((resolve) => (release = resolve));
    return release;
  };
  const fail = (error: Error | null) => {
    failure = error;
  };
  return { state, hold, fail, read: async (key = 'a') => (await kept(READ, key))?.value };
}

describe('what was read', () => {
  test('is not read again before anything changes, and is then', async () => {
    const { state, read } = world();
    expect([await read(), await read()]).toEqual([1, 1]);
    expect(state.asked).toBe(1);
    Object.assign(state, { generation: 1, value: 2 });
    expect(await read()).toBe(2);
    expect(state.asked).toBe(2);
  });

  test('is read once when many ask for it at once, and again by those who ask after a change', async () => {
    const { state, hold, read } = world();
    const release = hold();
    const early = [read(), read()];
    Object.assign(state, { generation: 1, value: 2 });
    const late = [read(), read()];
    release();
    expect([await Promise.all(early), await Promise.all(late)]).toEqual([
      [1, 1],
      [2, 2],
    ]);
    expect(state.asked).toBe(2);
    expect(await read()).toBe(2);
  });

  test('is read again after it could not be read', async () => {
    const { state, fail, read } = world();
    fail(new Error('away'));
    await expect(Promise.all([read(), read()])).rejects.toThrow('away');
    fail(null);
    expect(await read()).toBe(1);
    expect(state.asked).toBe(2);
  });

  test('is another for another parameter', async () => {
    const { state, read } = world();
    await read('a');
    state.value = 2;
    expect([await read('b'), await read('a')]).toEqual([2, 1]);
  });

  test('is not believed while nobody knows whether something changed, and nothing is kept then', async () => {
    const { state, read } = world();
    await read();
    Object.assign(state, { generation: null, value: 2 });
    expect(await read()).toBe(2);
    Object.assign(state, { generation: 1, value: 3 });
    expect(await read()).toBe(3);
  });

  test('before a change and told after it is not kept', async () => {
    const { state, hold, read } = world();
    const release = hold();
    const reading = read();
    Object.assign(state, { generation: 1, value: 2 });
    release();
    expect(await reading).toBe(1);
    expect(await read()).toBe(2);
  });

  test('before a change that another request has seen is not kept for what comes after', async () => {
    const { state, hold, read } = world();
    const release = hold();
    const reading = read();
    Object.assign(state, { generation: 1, value: 2 });
    const seeing = read('b');
    release();
    await Promise.all([reading, seeing]);
    expect(await read()).toBe(2);
  });

  test('is not kept when there was nothing', async () => {
    const { state, read } = world();
    state.value = null;
    expect(await read()).toBeUndefined();
    state.value = 1;
    expect(await read()).toBe(1);
  });

  test('is never older than what had been told when it was asked for, in whichever order all that comes', async () => {
    const steps = fc.array(fc.constantFrom('read', 'commit'), { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (scheduler, given) => {
        let [value, told, generation] = [0, 0, 0];
        const turn = (what: string) => scheduler.schedule(Promise.resolve(), what);
        const find = (async () => {
          await turn('the database reads');
          const found = { value };
          await turn('the database answers');
          return found;
        }) as Find;
        const kept = keptReads(find, () => generation);
        const read = async () => {
          await turn('somebody asks');
          const least = told;
          expect((await kept(READ, 'a'))?.value).toBeGreaterThanOrEqual(least);
        };
        const commit = async () => {
          await turn('somebody commits');
          const mine = ++value;
          await turn('that is told');
          [told, generation] = [Math.max(told, mine), generation + 1];
        };
        const all = given.map((step) => (step === 'read' ? read() : commit()));
        await scheduler.waitIdle();
        await Promise.all(all);
      }),
      { seed: 7300, numRuns: 100 },
    );
  });
});
