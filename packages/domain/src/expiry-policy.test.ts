import { describe, expect, test } from '@jest/globals';
import { NOON } from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import { expiryUnder, parseExpiry, UNLIMITED, type ExpiryPolicy } from './expiry-policy.js';

const DAY = 86_400_000;
const tooLate = fieldRefusal('expiresAt', 'too_late', { latest: new Date(NOON + 90 * DAY).toISOString() });
const never = fieldRefusal('expiresAt', 'never_not_allowed');
const over = fieldRefusal('expiresAt', 'not_in_future');

/** What becomes of a new credential for which nothing, no end, or so many milliseconds are asked. */
interface Row {
  readonly policy: Partial<ExpiryPolicy>;
  readonly asked: number | null | undefined;
  readonly becomes: number | null | object;
}

const rows: readonly Row[] = [
  { policy: {}, asked: undefined, becomes: null },
  { policy: {}, asked: null, becomes: null },
  { policy: {}, asked: 1, becomes: 1 },
  { policy: {}, asked: 1000 * DAY, becomes: 1000 * DAY },
  { policy: {}, asked: 0, becomes: over },
  { policy: {}, asked: -DAY, becomes: over },

  { policy: { standard: 30 * DAY }, asked: undefined, becomes: 30 * DAY },
  { policy: { standard: 30 * DAY }, asked: null, becomes: null },
  { policy: { standard: 30 * DAY }, asked: 31 * DAY, becomes: 31 * DAY },

  { policy: { longest: 90 * DAY }, asked: undefined, becomes: 90 * DAY },
  { policy: { longest: 90 * DAY }, asked: null, becomes: never },
  { policy: { longest: 90 * DAY }, asked: 90 * DAY, becomes: 90 * DAY },
  { policy: { longest: 90 * DAY }, asked: 90 * DAY + 1, becomes: tooLate },
  { policy: { longest: 90 * DAY }, asked: 0, becomes: over },

  { policy: { standard: 30 * DAY, longest: 90 * DAY }, asked: undefined, becomes: 30 * DAY },
  { policy: { standard: 91 * DAY, longest: 90 * DAY }, asked: undefined, becomes: 90 * DAY },

  { policy: { neverAllowed: false }, asked: undefined, becomes: never },
  { policy: { neverAllowed: false }, asked: null, becomes: never },
  { policy: { neverAllowed: false }, asked: 1000 * DAY, becomes: 1000 * DAY },
  { policy: { neverAllowed: false, standard: 30 * DAY }, asked: undefined, becomes: 30 * DAY },
  { policy: { neverAllowed: false, longest: 90 * DAY }, asked: undefined, becomes: 90 * DAY },
];

describe('the expiry of a new credential', () => {
  test.each(rows)('under $policy, when $asked is asked, becomes $becomes', ({ policy, asked, becomes }) => {
    const given = typeof asked === 'number' ? NOON + asked : asked;
    let expiry: number | null | undefined;
    const refusal = refusalOf(() => (expiry = expiryUnder({ ...UNLIMITED, ...policy }, given, NOON)));
    expect(refusal ?? expiry).toEqual(typeof becomes === 'number' ? NOON + becomes : becomes);
  });
});

test('a time, a word for none, or nothing is asked of it', () => {
  expect(parseExpiry('2030-01-31T00:00:00+01:00')).toBe(Date.UTC(2030, 0, 30, 23));
  expect(parseExpiry('never')).toBeNull();
  expect([parseExpiry(null), parseExpiry(undefined)]).toEqual([undefined, undefined]);
  for (const text of ['', 'Never', '90d', '2030-01-31'])
    expect(refusalOf(() => parseExpiry(text))).toEqual(fieldRefusal('expiresAt', 'not_expiry'));
});
