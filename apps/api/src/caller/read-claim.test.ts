import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from '@jest/globals';
import { readClaim as read } from './read-claim.js';

/** A request as Node hands it over: raw headers in pairs, and the parsed ones with its own way of treating doubles. */
function request(rawHeaders: readonly (readonly [string, string])[], url = '/'): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of rawHeaders.toReversed()) headers[name.toLowerCase()] = value;
  return { url, headers, rawHeaders: rawHeaders.flat() } as unknown as IncomingMessage;
}

const readClaim = (given: IncomingMessage) => read(given, 'claviger_session');

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
    ['a password without a colon', `Basic ${base64('ab')}`],
    ['a token of two parts', 'Bearer a b'],
    ['two pairs', `Platform ${base64('a:b')} ${base64('a:b')}`],
    ['two headers that a proxy joined', `Platform ${base64('a:b')}, Platform ${base64('a:b')}`],
  ])('is unknown for %s', (_what, authorization) => {
    expect(readClaim(request([['Authorization', authorization]]))).toEqual({ scheme: 'unknown' });
  });

  test.each([
    ['in the query', [], '/?a=1&access_token=cat_1&b=2', { inAddress: true }],
    ['in the query, its name escaped', [], '/?a&%61ccess_token=cat_1', { inAddress: true }],
    ['in a header', [['Authorization', 'bearer cat_1'] as const], '/', {}],
  ])('of a token may be sent %s', (_where, headers, url, where) => {
    const claim = { scheme: 'token', token: 'cat_1', userId: 'alice', ...where };
    expect(readClaim(request([...headers, USER], url))).toEqual(claim);
  });

  test('of a token is the text as it stands, whatever a URL may escape', () => {
    expect(readClaim(request([], '/?access_token=%63at_1'))).toMatchObject({ token: '%63at_1' });
    expect(readClaim(request([], '/?access_token=cat+1'))).toMatchObject({ token: 'cat+1' });
    expect(readClaim(request([], '/?access_token=cat_1='))).toMatchObject({ token: 'cat_1=' });
    for (const url of ['/?access_token=', '/?access_token', '/?&access_token&'])
      expect(readClaim(request([], url))).toMatchObject({ scheme: 'token', token: '' });
  });

  test.each(['/?access_tokens=x', '/?xaccess_token=x', '/?x=access_token', '/access_token=x', '/?ACCESS_TOKEN=x'])(
    'of a token is not made by %s',
    (url) => {
      expect(readClaim(request([], url))).toEqual({ scheme: 'none' });
    },
  );

  test('of a session is its cookie, among others', () => {
    const cookies = ['Cookie', 'theme=dark; claviger_session=abc; x_claviger_session=def'] as const;
    expect(readClaim(request([cookies, USER]))).toEqual({ scheme: 'session', session: 'abc', userId: 'alice' });
    expect(readClaim(request([['Cookie', 'theme=claviger_session']]))).toEqual({ scheme: 'none' });
    expect(read(request([cookies]), '__Host-claviger_session')).toEqual({ scheme: 'none' });
    expect(read(request([cookies]), null)).toEqual({ scheme: 'none' });
  });

  test('of a password is a name and all that follows its first colon', () => {
    const header = ['Authorization', `Basic ${Buffer.from('alice:pä:ss').toString('base64')}`] as const;
    expect(readClaim(request([header]))).toEqual({
      scheme: 'password',
      userId: 'alice',
      password: 'pä:ss',
      named: null,
    });
    expect(readClaim(request([header, ['X-DEVOPS-UID', 'bob']]))).toMatchObject({ named: 'bob' });
  });

  test.each([
    ['one scheme twice', [AUTHORIZATION, AUTHORIZATION], '/'],
    ['two schemes in headers', [AUTHORIZATION, ['Authorization', 'Bearer x'] as const], '/'],
    ['a platform and an access token', [AUTHORIZATION], '/?access_token=x'],
    ['a platform and an empty access token', [AUTHORIZATION], '/?access_token'],
    ['an access token, its name escaped, beside a platform', [AUTHORIZATION], '/?%61ccess_token=x'],
    ['two access tokens', [], '/?access_token=x&access_token=x'],
    ['a token in the query and one in a header', [['Authorization', 'Bearer x'] as const], '/?access_token=x'],
    ['a session beside a header', [['Cookie', 'claviger_session=a'] as const, AUTHORIZATION], '/'],
    ['a session beside a token', [['Cookie', 'claviger_session=a'] as const], '/?access_token=x'],
    ['two sessions', [['Cookie', 'claviger_session=a; b=c; claviger_session=a'] as const], '/'],
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
