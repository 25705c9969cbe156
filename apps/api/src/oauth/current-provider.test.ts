import { beforeEach, describe, expect, test } from '@jest/globals';
import type { OpenedSigningKey } from '@claviger/application';
import { currentProvider, KEYS_ARE_KEPT } from './current-provider.js';

const keysNamed = (...names: readonly string[]) =>
  names.map((id) => ({ id, privateKey: `${id} in clear` })) as unknown as readonly OpenedSigningKey[];

describe('the provider for a request', () => {
  let keys: readonly OpenedSigningKey[];
  let now: number;
  let looks: number;
  let opened: string[];
  let failure: Error | null;
  let provider: () => Promise<string>;
  beforeEach(() => {
    [keys, now, looks, opened, failure] = [keysNamed('first'), 0, 0, [], null];
    provider = currentProvider({
      readKeys: async () => {
        looks++;
        if (failure) throw failure;
        return keys;
      },
      open: async (given) => {
        opened.push(given.map(({ id }) => id).join(' '));
        return `provider ${opened.length}`;
      },
      now: () => now,
    });
  });

  test('stays the same while the keys do, and looks at them once a minute', async () => {
    for (now = 0; now < 10 * KEYS_ARE_KEPT; now += 1000) expect(await provider()).toBe('provider 1');
    expect([looks, opened]).toEqual([10, ['first']]);
  });

  test.each([
    ['there is another one', ['first'], ['first', 'second']],
    ['one is gone', ['first', 'second'], ['first']],
    ['another one of them signs', ['first', 'second'], ['second', 'first']],
  ])('is another one at most a minute after %s', async (_, before, after) => {
    keys = keysNamed(...before);
    await provider();
    keys = keysNamed(...after);
    now = KEYS_ARE_KEPT - 1;
    expect(await provider()).toBe('provider 1');
    now = KEYS_ARE_KEPT;
    expect(await provider()).toBe('provider 2');
    expect(opened).toEqual([before.join(' '), after.join(' ')]);
  });

  test('is opened once for all who come at once, and looked after once', async () => {
    const ask = () => Promise.all(Array.from({ length: 20 }, () => provider()));
    expect(new Set(await ask())).toEqual(new Set(['provider 1']));
    [keys, now] = [keysNamed('second'), KEYS_ARE_KEPT];
    expect(new Set(await ask())).toEqual(new Set(['provider 2']));
    expect([looks, opened]).toEqual([2, ['first', 'second']]);
  });

  test('is not given on old keys when nobody can look at them, and is tried again by the next request', async () => {
    await provider();
    [failure, now] = [new Error('the database is away'), KEYS_ARE_KEPT];
    await expect(provider()).rejects.toBe(failure);
    await expect(provider()).rejects.toBe(failure);
    failure = null;
    expect(await provider()).toBe('provider 1');
    expect(looks).toBe(4);
  });
});
