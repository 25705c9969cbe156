import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { readClaim } from './read-claim.js';

/** A request as Node hands it over: raw headers in pairs, and the parsed ones with its own way of treating doubles. */
function request(rawHeaders: readonly (readonly [string, string])[], url = '/'): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of rawHeaders.toReversed()) headers[name.toLowerCase()] = value;
  return { url, headers, rawHeaders: rawHeaders.flat() } as unknown as IncomingMessage;
}

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const AUTHORIZATION = ['Authorization', `Platform ${base64('cak_1:csk_2')}`] as const;
const USER = ['X-BKREPO-UID', 'alice'] as const;

describe('a claim', () => {
  test('of a platform is a key pair and the user it acts for', () => {
    expect(readClaim(request([AUTHORIZATION, USER]))).toEqual({
      scheme: 'platform',
      accessKey: 'cak_1',
      secretKey: 'csk_2',
      userId: 'alice',
    });
  });

  test('of a platform need not name a user', () => {
    expect(readClaim(request([AUTHORIZATION]))).toMatchObject({ scheme: 'platform', userId: null });
  });

  test.each(['platform', 'PLATFORM', 'pLatForm'])('is read whatever the case of its scheme: %s', (scheme) => {
    expect(readClaim(request([['authorization', `${scheme} ${base64('a:b')}`]]))).toMatchObject({ accessKey: 'a' });
  });

  test('keeps every colon of the secret but the first', () => {
    const claim = readClaim(request([['Authorization', `Platform ${base64('a:b:c')}`]]));
    expect(claim).toMatchObject({ accessKey: 'a', secretKey: 'b:c' });
  });

  test('names the user in the header of either dialect, or the same user in both', () => {
    expect(readClaim(request([AUTHORIZATION, ['x-devops-uid', 'alice']]))).toMatchObject({ userId: 'alice' });
    expect(readClaim(request([AUTHORIZATION, USER, ['X-DEVOPS-UID', 'alice']]))).toMatchObject({ userId: 'alice' });
  });

  test('is none when nothing is presented, even if a user is named', () => {
    expect(readClaim(request([]))).toEqual({ scheme: 'none' });
    expect(readClaim(request([USER], '/?accesstoken=x'))).toEqual({ scheme: 'none' });
  });

  test.each([
    ['a scheme nobody serves', 'Digest x'],
    ['a scheme without anything behind it', 'Platform'],
    ['a scheme with blanks behind it', 'Platform   '],
    ['no scheme', base64('a:b')],
    ['an empty header', ''],
    ['a pair without a colon', `Platform ${base64('ab')}`],
    ['what is no base64', 'Platform !!!!'],
    ['two pairs', `Platform ${base64('a:b')} ${base64('a:b')}`],
    ['two headers that a proxy joined', `Platform ${base64('a:b')}, Platform ${base64('a:b')}`],
  ])('is unknown for %s', (_what, authorization) => {
    expect(readClaim(request([['Authorization', authorization]]))).toEqual({ scheme: 'unknown' });
  });

  test('is unknown for an access token', () => {
    expect(readClaim(request([USER], '/?a=1&access_token=cat_1'))).toEqual({ scheme: 'unknown' });
  });

  test.each([
    ['one scheme twice', [AUTHORIZATION, AUTHORIZATION], '/'],
    ['two schemes in headers', [AUTHORIZATION, ['Authorization', 'Bearer x'] as const], '/'],
    ['a platform and an access token', [AUTHORIZATION], '/?access_token=x'],
    ['a platform and an empty access token', [AUTHORIZATION], '/?access_token'],
    ['an access token, its name escaped, beside a platform', [AUTHORIZATION], '/?%61ccess_token=x'],
    ['two access tokens', [], '/?access_token=x&access_token=x'],
  ])('is refused for %s', (_what, headers, url) => {
    expect(() => readClaim(request(headers, url))).toThrow('authentications_conflict');
  });

  test('is refused when its user headers differ', () => {
    expect(() => readClaim(request([AUTHORIZATION, USER, ['X-DEVOPS-UID', 'bob']]))).toThrow('user_headers_conflict');
  });

  test.each([
    ['twice', [USER, USER], 'repeated'],
    ['in a form that no user has', [['X-BKREPO-UID', 'alice bob'] as const], 'not_user_id'],
    ['empty', [['X-BKREPO-UID', ''] as const], 'not_user_id'],
    ['too long', [['X-BKREPO-UID', 'a'.repeat(65)] as const], 'not_user_id'],
    ['in two dialects, one of them ill-formed', [USER, ['X-DEVOPS-UID', 'a/b'] as const], 'not_user_id'],
  ])('is refused when it names its user %s', (_how, headers, rule) => {
    const claim = () => readClaim(request([AUTHORIZATION, ...headers]));
    expect(claim).toThrow(
      expect.objectContaining({ code: 'field_invalid', details: expect.objectContaining({ rule }) }),
    );
  });
});
