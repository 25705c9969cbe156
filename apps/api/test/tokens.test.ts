import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { accessTokenFrom, BASE62, OPERATOR } from '@claviger/domain';
import { platformHeaders, type Answer, type CallOptions } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { aUser, basic, bearer, cookieFrom, PASSWORD, type KnownUser } from './known-user.js';

const ROOT = '/auth/api/user';
const DAY = 86_400_000;
const ILLEGAL = 'Verification failed : token参数非法错误: Access token illegal';
const BARE = '{"status":401,"data":"","result":true,"message":"用户权限验证失败。"}';

let api: ApiOverMemory;
let alice: KnownUser;
let admin: Record<string, string>;

beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(async () => {
  await api.renew();
  alice = await aUser(api, 'alice');
  admin = platformHeaders(api.system, 'admin');
});
afterAll(() => api.app.close());

const of = ({ status, body }: Answer): [number, number] => [status, body.code];
const said = ({ status, body }: Answer): [number, string] => [status, body.message];
const info = (as: CallOptions['as'], query = '') => api.call('GET', `${ROOT}/info${query}`, { as });
const tokens = async (as: CallOptions['as'], query = '') =>
  (await api.call('GET', `${ROOT}/token/list${query}`, { as })).body.data;
const fetchToken = (as: CallOptions['as']) => api.call('GET', `${ROOT}/token/get`, { as });

describe('an access token', () => {
  test('is its user, in the query or in a header', async () => {
    expect((await info({}, `?access_token=${alice.token}`)).body.data).toMatchObject({ userId: 'alice' });
    expect((await info({ 'x-devops-uid': 'alice' }, `?access_token=${alice.token}`)).status).toBe(200);
    expect((await info(alice.bearer)).body.data).toMatchObject({ userId: 'alice' });
    expect((await info({ authorization: `bEaReR ${alice.token}` })).status).toBe(200);
  });

  test('is nobody else: a header that names another user is 403', async () => {
    expect(of(await info({ 'x-devops-uid': 'admin' }, `?access_token=${alice.token}`))).toEqual([403, 250113]);
    expect(of(await info({ ...alice.bearer, 'x-bkrepo-uid': 'admin' }))).toEqual([403, 250113]);
    expect(of(await info({ ...alice.bearer, 'x-bkrepo-uid': 'a b' }))).toEqual([400, 250105]);
  });

  test('is empty, illegal or expired in words that clients look for, in any language', async () => {
    const headers = { 'accept-language': 'zh' };
    const expiresAt = api.clock.now() + DAY;
    for (const as of [{}, headers]) {
      expect(said(await info(as))).toEqual([401, 'Request accessToken is empty.']);
      expect(said(await info(as, '?access_token='))).toEqual([401, 'Request accessToken is empty.']);
      expect(said(await info({ ...as, 'x-devops-uid': 'alice' }))).toEqual([401, 'Request accessToken is empty.']);
      expect(said(await info(as, '?access_token=x'))).toEqual([401, ILLEGAL]);
      expect(said(await info({ ...as, ...bearer('x') }))).toEqual([401, ILLEGAL]);
    }
    api.clock.advance(DAY);
    const expired = `Verification failed : token过期错误: Access token expired in: ${expiresAt}`;
    expect(said(await info({}, `?access_token=${alice.token}`))).toEqual([401, expired]);
  });

  test('is accepted in no other spelling: no change of a character, no cut, no other encoding', async () => {
    const { token } = alice;
    const at = (i: number, character: string) => token.slice(0, i) + character + token.slice(i + 1);
    const others = '0AZaz_-+/=.%~é'.split('');
    const changed = token
      .split('')
      .flatMap((here, i) =>
        [...others, here.toUpperCase(), here.toLowerCase()]
          .filter((other) => other !== here)
          .map((other) => at(i, other)),
      );
    const cut = token
      .split('')
      .flatMap((_, i) => [token.slice(0, i), token.slice(i + 1), token.slice(0, i) + token.slice(i + 1)]);
    const swapped = token
      .split('')
      .slice(1)
      .map((_, i) => token.slice(0, i) + token[i + 1] + token[i] + token.slice(i + 2));
    const buffer = Buffer.from(token);
    const encoded = [
      buffer.toString('base64'),
      buffer.toString('base64url'),
      buffer.toString('hex'),
      token
        .split('')
        .map((c) => `%${c.charCodeAt(0).toString(16)}`)
        .join(''),
      encodeURIComponent(
        token
          .split('')
          .map((c) => `%${c.charCodeAt(0).toString(16)}`)
          .join(''),
      ),
      token
        .split('')
        .map((c) => String.fromCodePoint(c.charCodeAt(0) + 0xfee0))
        .join(''),
      token.toUpperCase(),
      token.toLowerCase(),
      token.split('').join('\u200b'),
      `${token}=`,
      `${token}%00`,
      `${token}%20`,
      `+${token}`,
      `"${token}"`,
      token + token,
    ];
    // With right check characters, so that it is not these alone that refuse.
    const body = token.slice(4, -6);
    const bodies = body.split('').map((here, i) => {
      const next = BASE62[(BASE62.indexOf(here) + 1) % BASE62.length] ?? '';
      return accessTokenFrom(body.slice(0, i) + next + body.slice(i + 1));
    });
    const wrong = new Set([...changed, ...cut, ...swapped, ...encoded, ...bodies].filter((text) => text !== token));
    expect(wrong.size).toBeGreaterThan(800);
    for (const text of wrong) {
      const query = `?access_token=${/^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text)}`;
      const answers = [await info({}, query)];
      if (/^[\x21-\x7e]+$/.test(text)) answers.push(await info(bearer(text)));
      for (const { status, body: told } of answers)
        expect({ text, status, message: told.message }).toEqual({
          text,
          status: 401,
          message: text === '' ? 'Request accessToken is empty.' : ILLEGAL,
        });
    }
    expect((await info(alice.bearer)).status).toBe(200);
  });

  test('twice, or beside another authentication, is 400', async () => {
    const [token, platform] = [`access_token=${alice.token}`, platformHeaders(api.system, 'alice')];
    expect(of(await info({}, `?${token}&${token}`))).toEqual([400, 250106]);
    expect(of(await info(alice.bearer, `?${token}`))).toEqual([400, 250106]);
    expect(of(await info(platform, `?${token}`))).toEqual([400, 250106]);
    expect(of(await info({}, `?${token}&%61ccess_token=x`))).toEqual([400, 250106]);
  });

  test('opens the account API as its user, and nothing that is not theirs', async () => {
    expect(of(await api.call('GET', '/auth/api/account/own/list', { as: alice.bearer }))).toEqual([200, 0]);
    expect(of(await api.call('GET', '/auth/api/account/list', { as: alice.bearer }))).toEqual([403, 250236]);
    const root = await aUser(api, 'root', { admin: true });
    expect(of(await api.call('GET', `/ms/auth/api/account/list?access_token=${root.token}`))).toEqual([200, 0]);
    const check = { as: root.bearer, body: api.system };
    expect((await api.call('POST', '/auth/api/account/credential/check', check)).body.data).toMatchObject({
      valid: true,
    });
  });

  test('dies with being revoked, and with its user', async () => {
    const [{ id }] = (await tokens(alice.bearer)) as [{ id: string }];
    const bob = await aUser(api, 'bob');
    expect(of(await api.call('DELETE', `${ROOT}/token/${id}`, { as: bob.bearer }))).toEqual([404, 250253]);
    expect(of(await api.call('DELETE', `${ROOT}/token/${id}`, { as: alice.bearer }))).toEqual([200, 0]);
    expect(said(await info(alice.bearer))).toEqual([401, ILLEGAL]);
    expect(of(await api.call('DELETE', `${ROOT}/token/${id}`, { as: admin }))).toEqual([404, 250253]);
    await api.platform.deleteUser(OPERATOR, { userId: 'bob' });
    expect(said(await info(bob.bearer))).toEqual([401, ILLEGAL]);
  });

  test('of a locked user is 423', async () => {
    await api.platform.lockUser(OPERATOR, { userId: 'alice', locked: true });
    expect(of(await info(alice.bearer))).toEqual([423, 250250]);
  });
});

describe('tokens', () => {
  test('are made with a name, shown once and listed with their last use', async () => {
    const made = await api.call('POST', `${ROOT}/token/create`, { as: alice.bearer, body: { name: 'laptop' } });
    const [createdAt, expiresAt] = [api.clock.now(), api.clock.now() + DAY].map((at) => new Date(at).toISOString());
    const told = { id: expect.any(String), userId: 'alice', name: 'laptop', createdAt, expiresAt, lastUsedAt: null };
    expect([made.status, made.body.data]).toEqual([
      201,
      { ...told, accessToken: expect.stringMatching(/^cat_\w{49}$/) },
    ]);
    expect(made.headers['cache-control']).toBe('no-store');
    expect(await tokens(alice.bearer)).toEqual([{ ...told, id: expect.any(String), name: null }, told]);
    await api.platform.writeNotes();
    expect(await tokens(alice.bearer)).toMatchObject([{ name: null, lastUsedAt: createdAt }, { lastUsedAt: null }]);
  });

  test('are listed to their user and, by name, to admins', async () => {
    const bob = await aUser(api, 'bob');
    expect(await tokens(bob.bearer)).toMatchObject([{ userId: 'bob' }]);
    expect(await tokens(bob.bearer, '?userId=bob')).toMatchObject([{ userId: 'bob' }]);
    expect(await tokens(admin, '?userId=bob')).toMatchObject([{ userId: 'bob' }]);
    expect(await tokens(admin)).toEqual([]);
    const foreign = await api.call('GET', `${ROOT}/token/list?userId=alice`, { as: bob.bearer });
    expect(of(foreign)).toEqual([403, 250236]);
    for (const query of ['?userId=a%20b', '?userId=a&userId=a'])
      expect(of(await api.call('GET', `${ROOT}/token/list${query}`, { as: admin }))).toEqual([400, 250105]);
  });

  test.each([
    ['no name', {}],
    ['a number', { name: 7 }],
    ['a name that is too long', { name: 'x'.repeat(129) }],
    ['NUL', { name: 'a\0b' }],
  ])('are not made with %s', async (_what, body) => {
    expect(of(await api.call('POST', `${ROOT}/token/create`, { as: alice.bearer, body }))).toEqual([400, 250105]);
  });

  test('are for users whom the service knows', async () => {
    const stranger = { as: platformHeaders(api.system, 'stranger'), body: { name: 'x' } };
    expect(of(await api.call('POST', `${ROOT}/token/create`, stranger))).toEqual([404, 250254]);
  });
});

describe('fetching a token', () => {
  test.each(['', '/ms'])('answers without envelope, at %s/auth/api/user/token/get', async (prefix) => {
    const { headers } = await api.call('POST', `${ROOT}/login`, { as: alice.basic });
    for (const as of [cookieFrom(headers), alice.basic]) {
      const answer = await api.call('GET', `${prefix}${ROOT}/token/get`, { as });
      const body = JSON.parse(answer.text) as { accessToken: string };
      expect([answer.status, answer.headers['cache-control']]).toEqual([200, 'no-store']);
      expect(body).toEqual({
        userId: 'alice',
        expirationTime: api.clock.now() + DAY,
        accessToken: expect.stringMatching(/^cat_\w{49}$/),
      });
      expect((await info({}, `?access_token=${body.accessToken}`)).status).toBe(200);
    }
  });

  test('is refused without envelope to everybody else, in the same words', async () => {
    for (const as of [
      {},
      alice.bearer,
      basic('alice', 'wrong'),
      basic('nobody', PASSWORD),
      { authorization: 'Basic !' },
      { authorization: 'Negotiate x' },
      { cookie: 'claviger_session=gone' },
      { 'x-devops-uid': 'alice', 'accept-language': 'en' },
      platformHeaders(api.system, 'alice'),
    ]) {
      const { status, text, headers } = await fetchToken(as);
      expect([status, text]).toEqual([401, BARE]);
      expect(headers['www-authenticate']).not.toContain('Basic');
      expect(headers['content-type']).toBe('application/json; charset=utf-8');
    }
    expect((await api.call('GET', `${ROOT}/token/get?access_token=${alice.token}`)).text).toBe(BARE);
  });

  test('is 423 in the envelope for a locked user who knows the password', async () => {
    await api.platform.lockUser(OPERATOR, { userId: 'alice', locked: true });
    expect(of(await fetchToken(alice.basic))).toEqual([423, 250250]);
    expect((await fetchToken(basic('alice', 'wrong'))).text).toBe(BARE);
  });

  test('is 400 with two authentications, and 403 for somebody else than the header names', async () => {
    const { headers } = await api.call('POST', `${ROOT}/login`, { as: alice.basic });
    expect(of(await fetchToken({ ...cookieFrom(headers), ...alice.basic }))).toEqual([400, 250106]);
    expect(of(await fetchToken({ ...alice.basic, 'x-devops-uid': 'bob' }))).toEqual([403, 250113]);
    expect(of(await fetchToken({ ...cookieFrom(headers), 'x-devops-uid': 'bob' }))).toEqual([403, 250113]);
  });

  test('makes nothing for HEAD', async () => {
    const before = await tokens(alice.bearer);
    expect((await api.call('HEAD', `${ROOT}/token/get`, { as: alice.basic })).status).toBe(200);
    expect(await tokens(alice.bearer)).toEqual(before);
  });
});
