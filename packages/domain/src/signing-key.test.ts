import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aBoxedSecret, frozen, NOON } from '../test/builders.js';
import {
  ID_TOKEN_LIFE,
  isNextKeyDue,
  judgeSigningKeys,
  KEYS_ARE_CACHED,
  nextSigningKey,
  PUBLISHED_AFTER,
  PUBLISHED_BEFORE,
  publishedKeys,
  retiredKeys,
  type SigningKey,
  type SigningKeyId,
} from './signing-key.js';

const DAY = 86_400_000;
const EVERY = 90 * DAY;

const madeAs = (name: string) => ({ id: name as SigningKeyId, privateKey: aBoxedSecret(name) });
const aKey = (name: string, signsFrom: number): SigningKey =>
  frozen({ ...madeAs(name), createdAt: signsFrom - PUBLISHED_BEFORE, signsFrom });
const names = (keys: readonly SigningKey[]): string[] => keys.map(({ id }) => id);
const statesOf = (keys: readonly SigningKey[], now: number) =>
  Object.fromEntries(judgeSigningKeys(keys, now).map(({ key, state }) => [key.id, state]));

const [first, second] = [aKey('first', NOON), aKey('second', NOON + EVERY)];

describe('of the keys that sign', () => {
  test('the newest whose time has come does, from that millisecond on', () => {
    expect(statesOf([second, first], NOON + EVERY - 1)).toEqual({ first: 'signing', second: 'waiting' });
    expect(statesOf([second, first], NOON + EVERY)).toEqual({ first: 'replaced', second: 'signing' });
  });

  test('each is published before it signs, for longer than anybody keeps the published ones', () => {
    const made = nextSigningKey(madeAs('next'), [first], NOON);
    expect(made).toEqual({ ...madeAs('next'), createdAt: NOON, signsFrom: NOON + PUBLISHED_BEFORE });
    expect(names(publishedKeys([first, made], NOON))).toEqual(['first', 'next']);
    expect(PUBLISHED_BEFORE).toBeGreaterThan(KEYS_ARE_CACHED);
    expect(KEYS_ARE_CACHED).toBeGreaterThanOrEqual(DAY);
  });

  test('the first of all signs at once: nobody knows another', () => {
    expect(nextSigningKey(madeAs('first'), [], NOON)).toMatchObject({ createdAt: NOON, signsFrom: NOON });
  });

  test('one that was replaced stays published until its last token is over, and a day for those who cache it', () => {
    const end = second.signsFrom + PUBLISHED_AFTER;
    expect(PUBLISHED_AFTER).toBe(ID_TOKEN_LIFE + DAY);
    expect(judgeSigningKeys([first, second], NOON)).toMatchObject([{ retiresAt: end }, { retiresAt: null }]);
    expect(names(publishedKeys([first, second], end - 1))).toEqual(['second', 'first']);
    expect(retiredKeys([first, second], end - 1)).toEqual([]);
    expect(names(publishedKeys([first, second], end))).toEqual(['second']);
    expect(retiredKeys([first, second], end)).toEqual([first]);
  });

  test('the one that signs comes first, whatever waits or was replaced', () => {
    const third = aKey('third', second.signsFrom + DAY);
    expect(names(publishedKeys([third, first, second], second.signsFrom))).toEqual(['second', 'first', 'third']);
  });

  test('none is retired for age alone: without a worker the last one signs on', () => {
    expect(names(publishedKeys([first], NOON + 100 * EVERY))).toEqual(['first']);
    expect(retiredKeys([first], NOON + 100 * EVERY)).toEqual([]);
  });

  test('the earliest does where the clock that made them was ahead of this one', () => {
    expect(statesOf([second, first], NOON - 1)).toEqual({ first: 'signing', second: 'waiting' });
  });

  test('where there is none, none is published', () => {
    expect(publishedKeys([], NOON)).toEqual([]);
  });

  test('exactly one does at any time, and what it signs can be verified for as long as it is good', () => {
    const times = fc.integer({ min: 0, max: 400 * DAY });
    const sets = fc.uniqueArray(times, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(sets, times, fc.integer({ min: 0, max: ID_TOKEN_LIFE }), (starts, now, later) => {
        const keys = starts.map((start, place) => aKey(`key-${place}`, start));
        const signing = judgeSigningKeys(keys, now).filter(({ state }) => state === 'signing');
        expect(signing).toHaveLength(1);
        const [signer] = publishedKeys(keys, now);
        expect(signing[0]?.key).toBe(signer);
        expect(publishedKeys(keys, now + later)).toContain(signer);
      }),
    );
  });
});

describe('the next key', () => {
  test('is due early enough for none to sign longer than that', () => {
    const due = NOON + EVERY - PUBLISHED_BEFORE;
    expect(isNextKeyDue([first], EVERY, due - 1)).toBe(false);
    expect(isNextKeyDue([first], EVERY, due)).toBe(true);
    expect(nextSigningKey(madeAs('next'), [first], due).signsFrom).toBe(NOON + EVERY);
  });

  test('is not due while one waits, however short they are to sign', () => {
    const waiting = nextSigningKey(madeAs('next'), [first], NOON);
    expect(isNextKeyDue([first, waiting], 1, waiting.signsFrom - 1)).toBe(false);
    expect(isNextKeyDue([first, waiting], 1, waiting.signsFrom)).toBe(true);
  });

  test('is not due where nobody ever needed one', () => {
    expect(isNextKeyDue([], EVERY, NOON)).toBe(false);
  });
});
