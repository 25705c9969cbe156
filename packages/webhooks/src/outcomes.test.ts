import { describe, expect, test } from '@jest/globals';
import { failureOf, outcomeOf } from './outcomes.js';

const NOON = Date.parse('2024-05-01T12:00:00.000Z');
const DAY = 86_400_000;

const answering = (statusCode: number, retryAfter?: string) =>
  outcomeOf({ statusCode, headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter } }, NOON);

describe('an answer', () => {
  test.each([200, 201, 202, 204, 299])('of %s takes the message', (status) => {
    expect(answering(status)).toEqual({ delivered: true, result: String(status) });
  });

  test.each([199, 300, 301, 302, 304, 307, 308, 400, 401, 404, 409, 429, 500, 502, 503, 504])(
    'of %s does not',
    (status) => {
      expect(answering(status)).toEqual({ delivered: false, result: String(status), gone: false, retryAfter: null });
    },
  );

  test('of 410 wants to hear nothing more', () => {
    expect(answering(410)).toEqual({ delivered: false, result: '410', gone: true, retryAfter: null });
  });

  test.each([
    ['120', 120_000],
    ['86400', DAY],
    ['86401', DAY],
    ['9'.repeat(40), DAY],
    ['Wed, 01 May 2024 12:00:30 GMT', 30_000],
    ['Wed, 01 May 2030 12:00:00 GMT', DAY],
    ['Wed, 01 May 2024 11:59:59 GMT', null],
    ['Wed, 99 May 2024 12:00:30 GMT', null],
    ['0', null],
    ['', null],
    ['-5', null],
    ['1.5', null],
    ['2030', 2_030_000],
    ['2030-01-01', null],
    ['soon', null],
    ['120, 240', null],
  ])('that asks to be left alone for %j is left alone for %s ms, a day at most', (retryAfter, ms) => {
    expect(answering(503, retryAfter)).toEqual({ delivered: false, result: '503', gone: false, retryAfter: ms });
  });
});

test.each([
  ['ECONNREFUSED', 'connection refused'],
  ['ECONNRESET', 'connection broken'],
  ['ETIMEDOUT', 'timeout'],
  ['EHOSTUNREACH', 'address unreachable'],
  ['EAI_AGAIN', 'name not found'],
  ['HPE_INVALID_CONSTANT', 'answer malformed'],
  ['CERT_HAS_EXPIRED', 'TLS failed'],
  ['SOMETHING_NEW', 'TLS failed'],
])('an attempt that died of %s is told in words of our own: %s', (code, result) => {
  const error = Object.assign(new Error('what the receiver wrote'), { code });
  expect(failureOf(error, 'https:')).toEqual({ delivered: false, result, gone: false, retryAfter: null });
});

test('without TLS nothing fails of TLS', () => {
  expect(failureOf(new Error('?'), 'http:')).toMatchObject({ result: 'connection failed' });
});
