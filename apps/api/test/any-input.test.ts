import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { platformHeaders, type CallOptions } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { aUser } from './known-user.js';

const ROOT = '/auth/api';
const ROUTES: readonly [string, string][] = [
  ['POST', '/account/create'],
  ['PUT', '/account/update'],
  ['POST', '/account/credential/check'],
  ['GET', '/account/list'],
  ['DELETE', '/account/delete/:'],
  ['DELETE', '/account/uninstall/:'],
  ['GET', '/account/detail/:'],
  ['GET', '/account/credential/list/:'],
  ['POST', '/account/credential/:'],
  ['POST', '/account/credential/:/:'],
  ['DELETE', '/account/credential/:/:'],
  ['GET', '/account/credential/:/:'],
  ['GET', '/account/credential/:/:/:'],
  ['PUT', '/account/credential/:/:/:'],
  ['POST', '/account/credential/:/:/rotate'],
  ['GET', '/account/credential/:/:/rotation'],
  ['DELETE', '/account/credential/:/:/rotation'],
  ['POST', '/user/login'],
  ['PUT', '/user/password'],
  ['POST', '/user/token/create'],
  ['GET', '/user/token/list'],
  ['DELETE', '/user/token/:'],
  ['DELETE', '/user/session/:'],
  ['POST', '/user/create'],
  ['PUT', '/user/update'],
  ['GET', '/user/detail/:'],
  ['PUT', '/user/password/:'],
  ['DELETE', '/user/delete/:'],
  ['GET', '/oauth/authorize'],
  ['GET', '/audit/list'],
  ['GET', '/audit/verify'],
  ['POST', '/webhook/create'],
  ['GET', '/webhook/list'],
  ['GET', '/webhook/detail/:'],
  ['PUT', '/webhook/update/:'],
  ['DELETE', '/webhook/delete/:'],
  ['POST', '/webhook/secret/:/rotate'],
  ['POST', '/webhook/test/:'],
  ['GET', '/webhook/delivery/list/:'],
  ['POST', '/webhook/delivery/replay/:'],
  ['POST', '/webhook/delivery/replay/:/:'],
];

const HEADERS = [
  'accept',
  'accept-language',
  'content-type',
  'cookie',
  'origin',
  'prefer',
  'sec-fetch-site',
  'traceparent',
  'user-agent',
  'x-devops-uid',
  'x-forwarded-for',
] as const;

let api: ApiOverMemory;
let admin: Record<string, string>;
beforeAll(async () => {
  api = await apiOverMemory();
  admin = platformHeaders(api.system, 'admin');
  await aUser(api, 'alice');
});
afterAll(() => api.app.close());

/** Names that mean something to objects, and words that mean something to us. */
const word = fc.oneof(
  fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'then', 'hasOwnProperty', 'length', 'toJSON'),
  fc.constantFrom('appId', 'authorizationGrantTypes', 'scope', 'locked', 'homepageUrl', 'redirectUri', 'description'),
  fc.constantFrom('PLATFORM', 'AUTHORIZATION_CODE', 'SYSTEM', 'ENABLE', 'claviger', 'accessKey', 'secretKey', 'type'),
  fc.constantFrom('url', 'events', 'enabled', 'http://localhost', 'account.opened', 'since', 'number', 'hash'),
  fc.constantFrom('userId', 'name', 'admin', 'password', 'oldPassword', 'newPassword', 'alice'),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    word,
    fc.jsonValue({ maxDepth: 1 }),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.array(fc.tuple(word, tie('any')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries) as object),
  ),
})).any;
const wellFormed = (text: string): string => Buffer.from(text).toString();
const segment = fc.oneof(
  word.map((text) => encodeURIComponent(wellFormed(text))),
  fc.string({ unit: 'binary-ascii', maxLength: 12 }).map((text) => text.replaceAll(/[\s\p{Cc}]/gu, '%')),
  fc.constantFrom('..', '%2e%2e', '%2F', '%00', '%ff', '%', ';', '*', ':', '%25', '%C0%80', '\\'),
);
const query = fc.array(fc.tuple(fc.oneof(word, fc.constantFrom('limit', 'cursor', 'q', 'owner')), word), {
  maxLength: 4,
});

/** The answer is ours, whatever it is: the envelope, and no fault. */
async function expectNoFault(method: string, url: string, options: CallOptions): Promise<void> {
  const { status, body } = await api.call(method, url, options);
  expect(status).toBeLessThan(500);
  expect(body).toEqual({
    code: expect.any(Number),
    message: expect.any(String),
    data: body.data,
    traceId: expect.any(String),
  });
  expect(body.code === 0).toBe(status < 400);
}

describe('no input makes a fault', () => {
  test('neither a path, nor a query, nor a body', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ROUTES),
        fc.infiniteStream(segment),
        query,
        value,
        async ([method, pattern], segments, parameters, body) => {
          const path = pattern.replaceAll(':', () => segments.next().value ?? '');
          const search = new URLSearchParams();
          for (const [name, text] of parameters) search.append(wellFormed(name), wellFormed(text));
          await expectNoFault(method, `${ROOT}${path}?${search.toString()}`, {
            as: admin,
            headers: { 'content-type': 'application/json' },
            ...(method === 'GET' ? {} : { body: JSON.stringify(body) ?? 'null' }),
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  test('nor a broken body', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 100 }), value, async (noise, body) => {
        const json = Buffer.from(JSON.stringify(body) ?? '');
        const broken = Buffer.concat([json.subarray(0, json.length - noise.length), noise]);
        const headers = { 'content-type': 'application/json' };
        await expectNoFault('POST', `${ROOT}/account/credential/check`, { as: admin, headers, body: broken });
      }),
      { numRuns: 200 },
    );
  });

  test('nor a header', async () => {
    const text = fc.string({ unit: fc.integer({ min: 0x20, max: 0xff }).map((code) => String.fromCharCode(code)) });
    const authorization = fc.oneof(
      text,
      text.map((noise) => `Platform ${noise}`),
      text.map((noise) => `Bearer ${noise}`),
      text.map((noise) => `Basic ${Buffer.from(noise).toString('base64')}`),
      text.map((noise) => `Platform ${Buffer.from(noise).toString('base64')}`),
      text.map((noise) => `Platform ${Buffer.from(`${api.system.accessKey}:${noise}`).toString('base64')}`),
    );
    const names = fc.constantFrom(...HEADERS);
    await fc.assert(
      fc.asyncProperty(authorization, fc.array(fc.tuple(names, text)), async (secret, others) => {
        const headers = Object.fromEntries(others);
        await expectNoFault('PUT', `${ROOT}/account/update`, { headers: { ...headers, authorization: secret } });
        await expectNoFault('PUT', `${ROOT}/account/update`, { headers: { ...headers, ...admin }, body: '{}' });
      }),
      { numRuns: 300 },
    );
  });
});
