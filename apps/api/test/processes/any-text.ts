import type { KeyPair } from '@claviger/domain';
import * as fc from 'fast-check';

export type Texts = fc.Arbitrary<string>;

/** One time in twelve what it should not be. */
export function sometimes<T>(odd: fc.Arbitrary<T>, usual: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight: 11 }, { arbitrary: odd, weight: 1 });
}

/** In a path, a query or a header: what may be meant, what may be mistaken, and what nobody means well. */
export function anyWord(): Texts {
  return fc.oneof(
    fc.constantFrom('list', 'check', 'create', 'own', 'credential', 'admin', 'bob', 'PLATFORM', 'ENABLE', 'DISABLED'),
    fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '$where', 'length'),
    fc.constantFrom('', '.', '..', '*', '0', '-1', '1e999', '9'.repeat(400), 'NaN', 'null', 'true', '[]', '{}', '1.5'),
    fc.constantFrom(
      '%',
      '%zz',
      '%00',
      'a%00b',
      '%2F',
      '%2e%2e%2f',
      '%ff',
      '%C0%80',
      '%ED%A0%80',
      '%0d%0a',
      '%25',
      '%5c',
    ),
    fc.constantFrom(
      "'",
      '"',
      '\\',
      "' OR 1=1--",
      '<b>',
      '|',
      ';',
      '`',
      '\x7f',
      '\x01',
      '\0',
      '\xe4\xbd\xa0',
      '\xff',
      '#',
      '?',
      '&',
      ' ',
    ),
    fc.string({ unit: 'grapheme', maxLength: 20 }).map(encodeURIComponent),
    fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
    fc.constantFrom(64, 65, 2_000, 7_000, 9_000, 40_000).map((length) => 'x'.repeat(length)),
  );
}

/** A body that is no account and no key pair, or no JSON at all. */
export function anyBytes(): fc.Arbitrary<Buffer> {
  return fc.oneof(
    fc.jsonValue().map((value) => Buffer.from(JSON.stringify(value))),
    anyBody().map((text) => Buffer.from(text)),
    fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
  );
}

function anyBody(): Texts {
  return fc.oneof(
    fc.constantFrom('{', '{"a":1,}', '[1e999]', '1e999', 'null', '"', '\ufeff{}', '{}', '[]', ' ', '\0', 'NaN', 'true'),
    fc.constantFrom('{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"x":1}}}', '{"a":1,"a":"a"}', 'a=1'),
    fc.constantFrom('['.repeat(33) + ']'.repeat(33), '['.repeat(30_000), '{"a":'.repeat(10_000), '9'.repeat(60_000)),
    fc.constant(`{"appId":"${'x'.repeat(70_000)}"}`),
  );
}

/** What stands in JSON where something else was expected, and texts that a database may not take. */
function anyValue(): fc.Arbitrary<unknown> {
  return fc.oneof(
    anyWord(),
    fc.constantFrom<unknown>(null, true, 0, -1, 1.5, 1e308, [], {}, [[]], [null], [1], { length: 3 }, ['PLATFORM', {}]),
    anyHardText(),
    fc.constantFrom(
      'javascript:alert(1)',
      'http://a:b@c',
      '//x',
      'http://[',
      'http://x#y',
      `http://${'x'.repeat(3000)}`,
    ),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );
}

function anyHardText(): Texts {
  return fc.constantFrom('\0', 'a\0b', '\ud800', 'x\udc00y', '\uffff', '\u202e', '🗝'.repeat(600), 'é'.repeat(1025));
}

/** The field's value, mostly; and each field is left out now and then. */
function anyObject(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Buffer> {
  const parts = Object.entries(fields).map(([name, usual]) => {
    const value = sometimes<unknown>(anyValue(), usual).map((given) => `${JSON.stringify(name)}:${asJson(given)}`);
    return sometimes(fc.constantFrom('', '"__proto__":{"admin":true}', '"unknown":1'), value);
  });
  return fc.tuple(...parts).map((all) => Buffer.from(`{${all.filter((part) => part !== '').join(',')}}`));
}

/** A lone surrogate goes over the wire as the escape that JSON has for it. */
function asJson(value: unknown): string {
  return value === 1e308 ? '1e999' : JSON.stringify(value);
}

export function anyAccount(appIds: readonly string[]): fc.Arbitrary<Buffer> {
  return anyObject({
    appId: fc.constantFrom(...appIds),
    authorizationGrantTypes: fc.subarray(['PLATFORM', 'AUTHORIZATION_CODE'], { minLength: 1 }),
    locked: fc.constant(false),
    scope: fc.subarray(['SYSTEM', 'PROJECT', 'REPO', 'NODE'], { minLength: 1 }),
    homepageUrl: fc.constant('http://localhost'),
    redirectUri: fc.constant('http://localhost/redirect'),
    avatarUrl: fc.constant('string'),
    description: fc.oneof(fc.string({ unit: 'grapheme' }), anyHardText()),
  });
}

export function anyKeyToCheck({ accessKey, secretKey }: KeyPair, appIds: readonly string[]): fc.Arbitrary<Buffer> {
  return anyObject({
    accessKey: fc.constant(accessKey),
    secretKey: fc.constant(secretKey),
    appId: fc.constantFrom(...appIds),
    type: fc.constant('PLATFORM'),
  });
}
