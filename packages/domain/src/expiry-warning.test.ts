import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aCredential, anAccount, frozen, NOON } from '../test/builders.js';
import type { Account } from './account.js';
import type { Credential } from './credential.js';
import { WARNING_DAYS, WARNING_HORIZON, warnOfExpiry } from './expiry-warning.js';

const DAY = 86_400_000;

/** Made at noon, and expiring after so many days. */
const lasting = (days: number, overrides: Partial<Credential> = {}, name = 'old'): Credential =>
  aCredential(name, 'PLATFORM', { expiresAt: NOON + days * DAY, ...overrides });
const holding = (...credentials: readonly Credential[]): Account => anAccount({ credentials });

/** Every warning that one look finds, and the account in which they are noted. */
function warned(account: Account, now: number) {
  const warnings = [];
  let after = account;
  for (let due = warnOfExpiry(after, now); due; due = warnOfExpiry(after, now)) {
    warnings.push(due.warning);
    after = frozen(due.account);
    if (warnings.length > 9) throw new Error('There is no end to it.');
  }
  return { warnings, account: after };
}
const daysOf = (account: Account, now: number) => warned(account, now).warnings.map(({ days }) => days);

test('an account is warned 30, 7 and 1 days before the end of a credential, once each', () => {
  let account = holding(lasting(90));
  const told: [day: number, days: number][] = [];
  // Twice a day, and a little after: somebody looks when they have the time.
  for (let half = 0; half <= 182; half++) {
    const found = warned(account, NOON + (half / 2) * DAY + 1);
    account = found.account;
    told.push(...found.warnings.map(({ days }): [number, number] => [half / 2, days]));
  }
  expect(told).toEqual([
    [60, 30],
    [83, 7],
    [89, 1],
  ]);
  expect(WARNING_HORIZON).toBe(30 * DAY);
});

test('a warning says which credential expires when, and within how many days', () => {
  const credential = lasting(90);
  expect(warnOfExpiry(holding(credential), NOON + 60 * DAY)).toEqual({
    account: holding({ ...credential, warnedOfExpiry: 30 }),
    warning: { accessKey: credential.accessKey, grantType: 'PLATFORM', days: 30, expiresAt: NOON + 90 * DAY },
  });
});

test.each(WARNING_DAYS)('it is due to the millisecond %s days before, and not earlier', (days) => {
  const account = holding(lasting(90, { warnedOfExpiry: days === 30 ? null : days + 1 }));
  const due = NOON + (90 - days) * DAY;
  expect([daysOf(account, due - 1), daysOf(account, due)]).toEqual([[], [days]]);
});

test('a warning that nobody gave in time is not made up for: only the nearest counts', () => {
  const { warnings, account } = warned(holding(lasting(90)), NOON + 86 * DAY);
  expect(warnings.map(({ days }) => days)).toEqual([7]);
  expect(daysOf(account, NOON + 89.5 * DAY)).toEqual([1]);
  expect(daysOf(holding(lasting(90)), NOON + 89.5 * DAY)).toEqual([1]);
});

test('what was noted of one credential says nothing of another', () => {
  const [one, other] = [lasting(90), lasting(90, {}, 'other')];
  const { warnings, account } = warned(holding(one, other), NOON + 60 * DAY);
  expect(warnings.map(({ accessKey }) => accessKey)).toEqual([one.accessKey, other.accessKey]);
  expect(account).toEqual(holding({ ...one, warnedOfExpiry: 30 }, { ...other, warnedOfExpiry: 30 }));
});

describe('nobody is warned', () => {
  const almost = NOON + 89.5 * DAY;

  test('of what never expires', () => {
    expect(daysOf(holding(aCredential('old', 'PLATFORM')), almost)).toEqual([]);
  });

  test('of what has expired', () => {
    expect(daysOf(holding(lasting(90)), NOON + 90 * DAY)).toEqual([]);
  });

  test('of what is disabled, until it is enabled', () => {
    expect(daysOf(holding(lasting(90, { status: 'DISABLE' })), almost)).toEqual([]);
    expect(daysOf(holding(lasting(90)), almost)).toEqual([1]);
  });

  test('of what a rotation ends: whoever rotates knows', () => {
    const superseded = { by: lasting(1, {}, 'new').accessKey, at: NOON, retire: 'at', overlap: DAY } as const;
    const old = lasting(90, { superseded: { ...superseded, expiresAtBefore: null } });
    expect(daysOf(holding(old), almost)).toEqual([]);
  });

  test.each([
    [1, []],
    [1.5, [1]],
    [7, [1]],
    [7.5, [7, 1]],
    [30, [7, 1]],
    [30.5, [30, 7, 1]],
  ])('of the end of what was made to be short: %s days are told of %j before', (days, told) => {
    let account = holding(lasting(days));
    const all: number[] = [];
    for (let hour = 0; hour <= days * 24; hour++) {
      const found = warned(account, NOON + (hour / 24) * DAY);
      account = found.account;
      all.push(...found.warnings.map((warning) => warning.days));
    }
    expect(all).toEqual(told);
  });
});

test('whenever and however often somebody looks, nobody is warned twice of the same, nor of more days after fewer', () => {
  const looks = fc
    .array(fc.integer({ min: 0, max: 95 * 24 }), { maxLength: 20 })
    .map((hours) => hours.toSorted((a, b) => a - b));
  fc.assert(
    fc.property(looks, fc.integer({ min: 1, max: 90 }), (hours, days) => {
      let account = holding(lasting(days));
      const all: number[] = [];
      for (const hour of hours) {
        const found = warned(account, NOON + (hour / 24) * DAY);
        account = found.account;
        all.push(...found.warnings.map((warning) => warning.days));
      }
      expect(all).toEqual([...new Set(all)].toSorted((a, b) => b - a));
    }),
  );
});
