import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OPERATOR } from '@claviger/domain';
import { platformHeaders, type CallOptions } from './answer.js';
import { aPlatform, apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { aUser, type KnownUser } from './known-user.js';
import { listen } from './raw-http.js';

// The table of statuses with which the original platform's documentation begins: each row by a request over a socket.

const [ACCOUNT, USER] = ['/auth/api/account', '/auth/api/user'];

let api: ApiOverMemory;
let address: string;
let alice: KnownUser;
let admin: Record<string, string>;

beforeAll(async () => {
  api = await apiOverMemory({ 'limits.failures.perKeyAndAddress': 20, 'limits.failures.window': 60_000 });
  address = `http://127.0.0.1:${await listen(api)}`;
  alice = await aUser(api, 'alice');
  admin = platformHeaders(api.system, 'admin');
});
afterAll(() => api.app.close());

async function ask(method: string, path: string, { as = {}, body }: Pick<CallOptions, 'as' | 'body'> = {}) {
  const headers = {
    ...(as as Record<string, string>),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${address}${path}`, { method, headers, ...payload });
  const { code } = (await answer.json()) as { code: number };
  return { status: answer.status, code, headers: answer.headers };
}

test('200: done', async () => {
  expect(await ask('GET', `${USER}/info`, { as: alice.bearer })).toMatchObject({ status: 200, code: 0 });
});

test('201: created', async () => {
  const created = await ask('POST', `${USER}/token/create`, { as: alice.bearer, body: { name: 'laptop' } });
  expect(created).toMatchObject({ status: 201, code: 0 });
});

test('400: a parameter is wrong, or its form', async () => {
  expect(await ask('POST', `${USER}/token/create`, { as: alice.bearer, body: {} })).toMatchObject({ status: 400 });
});

test('401: authentication failed', async () => {
  const refused = await ask('GET', `${USER}/info?access_token=wrong`);
  expect(refused).toMatchObject({ status: 401, code: 250114 });
});

test('403: not allowed', async () => {
  expect(await ask('GET', `${USER}/list`, { as: alice.bearer })).toMatchObject({ status: 403, code: 250236 });
});

test('404: not there, or not yours', async () => {
  for (const appId of ['claviger', 'nothing'])
    expect(await ask('GET', `${ACCOUNT}/detail/${appId}`, { as: alice.bearer })).toMatchObject({
      status: 404,
      code: 250213,
    });
});

test('405: no such call', async () => {
  const refused = await ask('POST', `${USER}/info`, { as: alice.bearer });
  expect(refused).toMatchObject({ status: 405, code: 250112 });
  expect(refused.headers.get('allow')).toBe('GET, HEAD');
});

test('409: in conflict with what is there', async () => {
  const taken = { as: admin, body: { userId: 'alice' } };
  expect(await ask('POST', `${USER}/create`, taken)).toMatchObject({ status: 409, code: 250211 });
});

test('422: cannot be done', async () => {
  const url = `${ACCOUNT}/credential/claviger/AUTHORIZATION_CODE`;
  expect(await ask('POST', url, { as: admin })).toMatchObject({ status: 422, code: 250234 });
});

test('423: locked, the account and the user', async () => {
  const key = await aPlatform(api, 'robot', ['SYSTEM']);
  await api.platform.lockAccount(OPERATOR, { appId: 'robot', locked: true });
  const through = platformHeaders(key, 'alice');
  expect(await ask('GET', `${USER}/info`, { as: through })).toMatchObject({ status: 423, code: 250250 });
  const bob = await aUser(api, 'bob');
  await api.platform.lockUser(OPERATOR, { userId: 'bob', locked: true });
  expect(await ask('GET', `${USER}/info`, { as: bob.bearer })).toMatchObject({ status: 423, code: 250250 });
});

test('429: limited, and how', async () => {
  api.failures.block({ name: 'alice', address: '127.0.0.1' }, 30_000);
  const refused = await ask('POST', `${USER}/login`, { as: alice.basic });
  expect(refused).toMatchObject({ status: 429, code: 250129 });
  expect(refused.headers.get('retry-after')).toBe('30');
  expect(refused.headers.get('ratelimit')).toBe('"failures";r=0;t=30');
  expect(refused.headers.get('ratelimit-policy')).toBe('"failures";q=20;w=60');
});

test('500: our fault', async () => {
  api.breakWith(new Error('The disk is on fire.'));
  expect(await ask('GET', `${USER}/info`, { as: alice.bearer })).toMatchObject({ status: 500, code: 250102 });
});
