import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { CounterPlace, Limits, LimitsOptions } from '../src/index.js';
import { openLimits } from '../src/index.js';
import { eventually } from './eventually.js';

export const RULE = { perKeyAndAddress: 3, perAddress: 5, window: 60_000 };
export const SECRET = 'a secret of some length';
export const [HERE, THERE] = ['192.0.2.1', '198.51.100.7'];
const at = (name: string | null, address = HERE) => ({ name, address });

type Fail = (limits: Limits, times: number, name: string | null, address?: string) => Promise<void>;
export const fail: Fail = async ({ failures }, times, name, address) => {
  for (let i = 0; i < times; i++) await failures.failed(at(name, address));
};

/** What limits keep, wherever they count. @param freshPlace gives a place without counters */
export function limitsContract(freshPlace: () => Promise<CounterPlace>): void {
  const opened: Limits[] = [];
  let place: CounterPlace;

  const open = async (told: Partial<LimitsOptions> = {}): Promise<Limits> => {
    const limits = await openLimits({
      place,
      secret: SECRET,
      failures: RULE,
      requests: { perCaller: 3, window: 60_000 },
      onStore: () => undefined,
      lookEvery: 10,
      ...told,
    });
    opened.push(limits);
    return limits;
  };
  const close = async (limits: Limits): Promise<void> => {
    opened.splice(opened.indexOf(limits), 1);
    await limits.close();
  };

  beforeEach(async () => {
    place = await freshPlace();
  });
  afterEach(async () => {
    jest.useRealTimers();
    for (const limits of opened.splice(0)) await limits.close();
  });

  describe('a guard of failures', () => {
    test('makes whoever failed too often with one name from one address wait for the end of the window', async () => {
      const limits = await open();
      await fail(limits, 2, 'alice');
      expect(limits.failures.waitOf(at('alice'))).toBe(0);
      await fail(limits, 1, 'alice');
      expect(limits.failures.waitOf(at('alice'))).toBeGreaterThan(55_000);
      expect(limits.failures.waitOf(at('alice'))).toBeLessThanOrEqual(60_000);
    });

    test('lets the victim in from another address, and others from the same', async () => {
      const limits = await open();
      await fail(limits, 3, 'alice');
      expect(limits.failures.waitOf(at('alice', THERE))).toBe(0);
      expect(limits.failures.waitOf(at('bob'))).toBe(0);
      expect(limits.failures.waitOf(at(null))).toBe(0);
    });

    test('makes an address wait from which too many failed, whatever name they gave', async () => {
      const limits = await open();
      for (const name of ['a', 'b', null, 'c']) await fail(limits, 1, name);
      expect(limits.failures.waitOf(at('d'))).toBe(0);
      await fail(limits, 1, null);
      for (const name of ['d', 'a', null]) expect(limits.failures.waitOf(at(name))).toBeGreaterThan(0);
      expect(limits.failures.waitOf(at('a', THERE))).toBe(0);
    });

    test('takes all addresses of one IPv6 network for one', async () => {
      const limits = await open();
      for (const last of ['1', '2', '3']) await fail(limits, 1, 'alice', `2001:db8::${last}`);
      expect(limits.failures.waitOf(at('alice', '2001:db8::4'))).toBeGreaterThan(0);
      expect(limits.failures.waitOf(at('alice', '2001:db8:0:1::4'))).toBe(0);
    });

    test('takes no name for too long or too strange', async () => {
      const limits = await open();
      for (const name of ['x'.repeat(100_000), 'nul \0', '\ud800', "'; --", '']) {
        await fail(limits, 3, name, `${name.length}`);
        expect(limits.failures.waitOf(at(name, `${name.length}`))).toBeGreaterThan(0);
      }
    });

    test('forgets failures when their window ends, and counts anew', async () => {
      stopTheDate();
      const limits = await open();
      await fail(limits, 3, 'alice');
      jest.setSystemTime(Date.now() + 59_999);
      expect(limits.failures.waitOf(at('alice'))).toBe(1);
      jest.setSystemTime(Date.now() + 1);
      expect(limits.failures.waitOf(at('alice'))).toBe(0);
      await fail(limits, 2, 'alice');
      expect(limits.failures.waitOf(at('alice'))).toBe(0);
      await fail(limits, 1, 'alice');
      expect(limits.failures.waitOf(at('alice'))).toBe(60_000);
    });

    test('does not let the window of failures slide: it ends when the first is that old', async () => {
      stopTheDate();
      const limits = await open();
      await fail(limits, 1, 'alice');
      jest.setSystemTime(Date.now() + 50_000);
      await fail(limits, 2, 'alice');
      expect(limits.failures.waitOf(at('alice'))).toBe(10_000);
    });

    test('knows after a restart who has to wait, at once', async () => {
      const before = await open();
      await fail(before, 3, 'alice');
      await fail(before, 2, 'bob');
      await close(before);
      const after = await open();
      expect(after.failures.waitOf(at('alice'))).toBeGreaterThan(55_000);
      // Five from one address.
      expect(after.failures.waitOf(at('carol'))).toBeGreaterThan(0);
      expect(after.failures.waitOf(at('alice', THERE))).toBe(0);
    });

    test('adds up what several processes count, and each learns of it', async () => {
      const here = await open({ failures: { ...RULE, perKeyAndAddress: 20, perAddress: 100 } });
      const other = fork(fileURLToPath(new URL('other-process.mjs', import.meta.url)), { execArgv: [] });
      try {
        await fail(here, 10, 'alice');
        other.send({ place, secret: SECRET, times: 10, attempt: at('alice') });
        const [told] = (await once(other, 'message')) as [{ wait: number }];
        expect(told.wait).toBeGreaterThan(0);
        await eventually(() => here.failures.waitOf(at('alice')) > 0);
        expect(here.failures.waitOf(at('alice', THERE))).toBe(0);
        expect(here.failures.waitOf(at('bob'))).toBe(0);
        const ended = once(other, 'exit');
        other.disconnect();
        expect(await ended).toEqual([0, null]);
      } finally {
        other.kill();
      }
    });

    const MANY = { ...RULE, perKeyAndAddress: 40, perAddress: 1_000 };
    test('loses no count when many fail at once', async () => {
      const [one, other] = [await open({ failures: MANY }), await open({ failures: MANY })];
      await Promise.all([one, other].flatMap((limits) => Array.from({ length: 20 }, () => fail(limits, 1, 'alice'))));
      expect(Math.max(one.failures.waitOf(at('alice')), other.failures.waitOf(at('alice')))).toBeGreaterThan(0);
    });
  });

  describe('a limit of requests', () => {
    test('grants so many in a window and tells how many are left, to each caller', async () => {
      const { requests } = await open();
      const taken = [await requests?.take('a'), await requests?.take('a'), await requests?.take('a')];
      expect(taken.map((each) => [each?.granted, each?.limit, each?.remaining])).toEqual([
        [true, 3, 2],
        [true, 3, 1],
        [true, 3, 0],
      ]);
      for (let i = 0; i < 3; i++) {
        const refused = await requests?.take('a');
        expect(refused).toMatchObject({ granted: false, limit: 3, remaining: 0 });
        expect(refused?.resetIn).toBeGreaterThan(55_000);
      }
      expect(await requests?.take('b')).toMatchObject({ granted: true, remaining: 2 });
    });

    test('grants again when the window ends', async () => {
      stopTheDate();
      const { requests } = await open();
      for (let i = 0; i < 4; i++) await requests?.take('a');
      jest.setSystemTime(Date.now() + 40_000);
      expect(await requests?.take('a')).toMatchObject({ granted: false, resetIn: 20_000 });
      jest.setSystemTime(Date.now() + 20_001);
      expect(await requests?.take('a')).toMatchObject({ granted: true, remaining: 2, resetIn: 60_000 });
    });

    test('is shared by processes, and survives them', async () => {
      const [one, other] = [await open(), await open()];
      expect(await one.requests?.take('a')).toMatchObject({ remaining: 2 });
      expect(await other.requests?.take('a')).toMatchObject({ remaining: 1 });
      await close(one);
      expect(await (await open()).requests?.take('a')).toMatchObject({ remaining: 0 });
      expect(await other.requests?.take('a')).toMatchObject({ granted: false });
    });

    test('is none where none is wanted', async () => {
      expect((await open({ requests: null })).requests).toBeNull();
    });
  });
}

/** Only the date: timers go on. */
function stopTheDate(): void {
  jest.useFakeTimers({
    now: Date.now(),
    doNotFake: [
      'hrtime',
      'nextTick',
      'performance',
      'queueMicrotask',
      'setImmediate',
      'clearImmediate',
      'setInterval',
      'clearInterval',
      'setTimeout',
      'clearTimeout',
    ],
  });
}
