import { expect, test } from '@jest/globals';
import { NOON } from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import { isExpired, parseTokenName } from './access-token.js';

test('a token or a session is good until the millisecond it expires in', () => {
  const held = { expiresAt: NOON };
  expect([NOON - 1, NOON, NOON + 1].map((now) => isExpired(held, now))).toEqual([false, true, true]);
});

test('a token has a name of at most 128 characters', () => {
  expect(parseTokenName('部署'.repeat(64))).toBe('部署'.repeat(64));
  expect(refusalOf(() => parseTokenName('x'.repeat(129)))).toEqual(fieldRefusal('name', 'too_long', { max: 128 }));
  expect(refusalOf(() => parseTokenName('a\0'))).toEqual(fieldRefusal('name', 'not_plain_text'));
});
