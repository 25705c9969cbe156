import type { KeyPair } from '@claviger/domain';
import * as fc from 'fast-check';
import { anyFraming, anyHeaders } from './any-headers.js';
import { anyAccount, anyBytes, anyKeyToCheck, anyWord, sometimes, type Texts } from './any-text.js';

/** A request as it goes over the wire. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  readonly bytes: Buffer;
}

/** What is there to be asked for; the requests may do to it what they like. */
export interface Known {
  readonly system: KeyPair;
  readonly appIds: readonly string[];
  readonly key: KeyPair;
}

/** What is asked for: a method, a path and a content that fit each other, mostly. */
interface Ask {
  readonly method: string;
  readonly path: string;
  readonly content: Buffer;
}

/** Requests of every sort: some are right, most are right but for one thing or two, some are hardly requests. */
export function anyRequest(known: Known): fc.Arbitrary<RawRequest> {
  return fc
    .tuple(anyAsk(known), anyQuery(), anyHeaders(known.system), anyFraming())
    .map(([{ method, path, content }, query, headers, framing]) => {
      const head = `${method} ${path}${query} HTTP/1.1\r\nConnection: close\r\n${headers}${framing(content)}\r\n`;
      return { method, path, bytes: Buffer.concat([Buffer.from(head, 'latin1'), content]) };
    });
}

function anyAsk({ appIds, key }: Known): fc.Arbitrary<Ask> {
  const appId = sometimes(anyWord(), fc.constantFrom(...appIds, ...appIds.map((text) => text.toUpperCase())));
  const accessKey = sometimes(anyWord(), fc.constant(key.accessKey));
  const secretKey = sometimes(anyWord(), fc.constant(key.secretKey));
  const type = sometimes(anyWord(), fc.constantFrom('PLATFORM', 'AUTHORIZATION_CODE'));
  const status = sometimes(anyWord(), fc.constantFrom('ENABLE', 'DISABLE'));
  const nothing = sometimes(anyBytes(), fc.constant(Buffer.alloc(0)));
  const account = sometimes(anyBytes(), anyAccount(appIds));
  const pair = sometimes(anyBytes(), anyKeyToCheck(key, appIds));

  const ask = (method: string, content: fc.Arbitrary<Buffer>, first: string, ...rest: Texts[]) =>
    fc.tuple(fc.constantFrom('', '/ms'), content, ...rest).map(([ms, bytes, ...words]): Ask => ({
      method,
      path: [`${ms}/auth/api/account${first}`, ...words].join('/'),
      content: bytes,
    }));
  const right = fc.oneof(
    { arbitrary: ask('POST', account, '/create'), weight: 6 },
    { arbitrary: ask('PUT', account, '/update'), weight: 6 },
    { arbitrary: ask('POST', pair, '/credential/check'), weight: 6 },
    ask('DELETE', nothing, '/delete', appId),
    ask('DELETE', nothing, '/uninstall', appId),
    ask('GET', nothing, '/list'),
    ask('GET', nothing, '/own/list'),
    ask('GET', nothing, '/authorized/list'),
    ask('GET', nothing, '/detail', appId),
    ask('GET', nothing, '/credential/list', appId),
    ask('POST', nothing, '/credential', appId),
    ask('POST', nothing, '/credential', appId, type),
    ask('DELETE', nothing, '/credential', appId, accessKey),
    ask('PUT', nothing, '/credential', appId, accessKey, status),
    ask('GET', nothing, '/credential', appId, accessKey, secretKey),
    ask('GET', nothing, '/credential', accessKey, secretKey),
  );
  const otherMethod = fc
    .tuple(right, fc.constantFrom(...METHODS))
    .map(([{ path, content }, method]): Ask => ({ method, path, content }));
  const path = fc
    .tuple(
      fc.constantFrom('', '/docs', '/auth/api/account', '/auth/api/account/credential', '/ms'),
      fc.array(anyWord(), { maxLength: 5 }),
    )
    .map(([first, words]) => [first, ...words].join('/'));
  const elsewhere = fc
    .tuple(fc.constantFrom(...METHODS), fc.oneof(path, fc.constantFrom(...PATHS)), nothing)
    .map(([method, at, content]): Ask => ({ method, path: at, content }));
  return fc.oneof(
    { arbitrary: right, weight: 8 },
    { arbitrary: otherMethod, weight: 1 },
    { arbitrary: elsewhere, weight: 1 },
  );
}

const METHODS = [
  'GET',
  'POST',
  'PUT',
  'DELETE',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'CONNECT',
  'get',
  'MAKE',
  'G T',
  '',
];
const PATHS = [
  '',
  '*',
  '//',
  '/..',
  'x',
  'http://other/auth/api/account/list',
  '/health/ready/',
  '/openapi.json/',
  '/docs/../openapi.json',
];

function anyQuery(): Texts {
  const names = [
    'limit',
    'cursor',
    'q',
    'owner',
    'locked',
    'grantType',
    'scope',
    'type',
    'access_token',
    'a[b]',
    '__proto__',
    '',
  ];
  const value = fc.oneof(anyWord(), fc.constantFrom('1', '2', '1000', 'true', 'PLATFORM'));
  const pair = fc.tuple(fc.constantFrom(...names), value).map((both) => both.join('='));
  const some = fc.array(pair, { minLength: 1, maxLength: 3 }).map((pairs) => `?${pairs.join('&')}`);
  return fc.oneof(
    { arbitrary: fc.constant(''), weight: 6 },
    { arbitrary: some, weight: 3 },
    fc.constantFrom('?', '??', '?&=&', '?limit', '#'),
  );
}
