import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR } from '@claviger/domain';
import { platformHeaders, type Answer, type CallOptions } from '../../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { aUser, basic, cookieFrom, PASSWORD, type KnownUser } from '../../test/known-user.js';

const ROOT = '/auth/api/user';
const HALF_A_DAY = 12 * 3_600_000;

let api: ApiOverMemory;
let alice: KnownUser;

beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(async () => {
  await api.renew();
  alice = await aUser(api, 'alice');
});
afterAll(() => api.app.close());

const of = ({ status, body }: Answer): [number, number] => [status, body.code];
const logIn = (body: unknown = { userId: 'alice', password: PASSWORD }, more: CallOptions = {}) =>
  api.call('POST', `${ROOT}/login`, { body, ...more });
const info = (as: CallOptions['as']) => api.call('GET', `${ROOT}/info`, { as });
const loggedIn = async () => cookieFrom((await logIn()).headers);

describe('logging in', () => {
  test('answers who came and until when, and sets a cookie that stands for them', async () => {
    await api.platform.updateUser(OPERATOR, { userId: 'alice', name: 'Alice' });
    const answer = await logIn();
    const expiresAt = new Date(api.clock.now() + HALF_A_DAY).toISOString();
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ userId: 'alice', name: 'Alice', admin: false, expiresAt });
    expect(answer.headers['set-cookie']).toMatch(
      /^claviger_session=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const { body } = await info(cookieFrom(answer.headers));
    expect(body.data).toEqual({ userId: 'alice', name: 'Alice', admin: false });
  });

  test('takes the password in a Basic header as well, under both prefixes', async () => {
    for (const prefix of ['', '/ms']) {
      const answer = await api.call('POST', `${prefix}${ROOT}/login`, { as: alice.basic });
      expect(answer.status).toBe(200);
      expect((await info(cookieFrom(answer.headers))).body.data).toMatchObject({ userId: 'alice' });
    }
  });

  test('keeps the cookie to https and to this host where the service has an https address', async () => {
    const secure = await apiOverMemory({ 'http.publicUrl': 'https://keys.example' });
    await aUser(secure, 'alice');
    const answer = await secure.call('POST', `${ROOT}/login`, { as: alice.basic });
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-claviger_session=[\w-]+; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect((await secure.call('GET', `${ROOT}/info`, { as: cookieFrom(answer.headers) })).status).toBe(200);
    const bare = cookieFrom(answer.headers)['cookie']?.replace('__Host-', '') ?? '';
    expect((await secure.call('GET', `${ROOT}/info`, { as: { cookie: bare } })).status).toBe(401);
    await secure.app.close();
  });

  test('opens another session each time, and closes the one that the browser had', async () => {
    const first = await loggedIn();
    const second = cookieFrom((await logIn(undefined, { as: first })).headers);
    expect(second).not.toEqual(first);
    expect((await info(first)).status).toBe(401);
    expect((await info(second)).status).toBe(200);
    await logIn();
    expect((await info(second)).status).toBe(200);
  });

  test('works beside a cookie of a session that is over', async () => {
    expect((await logIn(undefined, { as: { cookie: 'claviger_session=gone' } })).status).toBe(200);
  });

  test('tells nobody whether it was the name or the password, nor of a lock who does not know the password', async () => {
    await aUser(api, 'locked');
    await api.platform.lockUser(OPERATOR, { userId: 'locked', locked: true });
    await api.platform.createUser(OPERATOR, { userId: 'without' });
    const tries = [
      { userId: 'alice', password: 'wrong' },
      { userId: 'nobody', password: PASSWORD },
      { userId: 'not a name', password: PASSWORD },
      { userId: 'without', password: '' },
      { userId: 'locked', password: 'wrong' },
    ];
    const answers = await Promise.all(tries.map((body) => logIn(body)));
    const plain = ({ status, text, headers, body }: Answer) => ({
      status,
      text: text.replace(body.traceId, ''),
      headers: { ...headers, date: '' },
    });
    expect(of(answers[0] as Answer)).toEqual([401, 250114]);
    for (const answer of answers) expect(plain(answer)).toEqual(plain(answers[0] as Answer));
    expect(of(await logIn({ userId: 'locked', password: PASSWORD }))).toEqual([423, 250250]);
  });

  test.each([
    ['nothing', undefined, 250106],
    ['a list', [], 250106],
    ['no password', { userId: 'alice' }, 250105],
    ['a number', { userId: 7, password: PASSWORD }, 250105],
    ['null', { userId: 'alice', password: null }, 250105],
  ])('is 400 for %s', async (_what, body, code) => {
    const headers = { 'content-type': 'application/json' };
    expect(of(await api.call('POST', `${ROOT}/login`, { headers, body }))).toEqual([400, code]);
  });

  test('is 415 for a form, which any site could send', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = `userId=alice&password=${PASSWORD}`;
    expect(of(await api.call('POST', `${ROOT}/login`, { headers, body }))).toEqual([415, 250119]);
  });

  test('is 400 with a password in two places, and 401 with what is no password', async () => {
    expect(of(await logIn(undefined, { as: alice.basic }))).toEqual([400, 250106]);
    expect(of(await logIn(undefined, { as: alice.bearer }))).toEqual([401, 250114]);
    expect(of(await logIn(undefined, { as: platformHeaders(api.system, 'alice') }))).toEqual([401, 250114]);
  });

  test('remembers where it came from and with what browser', async () => {
    const headers = { 'user-agent': 'Browser/1' };
    const cookie = cookieFrom((await logIn(undefined, { headers })).headers);
    await logIn();
    const { body } = await api.call('GET', `${ROOT}/session/list`, { as: cookie });
    expect(body.data).toEqual([
      {
        id: expect.any(String),
        current: true,
        createdAt: new Date(api.clock.now()).toISOString(),
        expiresAt: new Date(api.clock.now() + HALF_A_DAY).toISOString(),
        address: '127.0.0.1',
        userAgent: 'Browser/1',
      },
      expect.objectContaining({ current: false }),
    ]);
    const { body: asToken } = await api.call('GET', `${ROOT}/session/list`, { as: alice.bearer });
    expect(asToken.data).toMatchObject([{ current: false }, { current: false }]);
  });
});

describe('a session', () => {
  test('ends with logging out, which takes the cookie away', async () => {
    const cookie = await loggedIn();
    const answer = await api.call('POST', `${ROOT}/logout`, { as: cookie });
    expect([...of(answer), answer.body.data]).toEqual([200, 0, true]);
    expect(answer.headers['set-cookie']).toBe('claviger_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Lax');
    expect(of(await info(cookie))).toEqual([401, 250114]);
    expect(of(await api.call('POST', `${ROOT}/logout`, { as: cookie }))).toEqual([401, 250114]);
  });

  test('is nothing that a token could log out of', async () => {
    expect(of(await api.call('POST', `${ROOT}/logout`, { as: alice.bearer }))).toEqual([404, 250255]);
  });

  test('ends when its time is over, when its user ends it, and with its user', async () => {
    const first = await loggedIn();
    api.clock.advance(HALF_A_DAY);
    expect(of(await info(first))).toEqual([401, 250114]);
    const second = await loggedIn();
    const listed = await api.call('GET', `${ROOT}/session/list`, { as: second });
    const ids = (listed.body.data as { id: string; current: boolean }[]).filter(({ current }) => current);
    const url = `${ROOT}/session/${ids[0]?.id}`;
    const bob = await aUser(api, 'bob');
    expect(of(await api.call('DELETE', url, { as: bob.bearer }))).toEqual([404, 250255]);
    expect(of(await api.call('DELETE', url, { as: second }))).toEqual([200, 0]);
    expect(of(await info(second))).toEqual([401, 250114]);
    const third = await loggedIn();
    await api.platform.deleteUser(OPERATOR, { userId: 'alice' });
    expect(of(await info(third))).toEqual([401, 250114]);
  });

  test('of a locked user is 423', async () => {
    const cookie = await loggedIn();
    await api.platform.lockUser(OPERATOR, { userId: 'alice', locked: true });
    expect(of(await info(cookie))).toEqual([423, 250250]);
  });

  test('is nobody else’s: a header that names another user is 403', async () => {
    const cookie = await loggedIn();
    expect(of(await info({ ...cookie, 'x-devops-uid': 'alice' }))).toEqual([200, 0]);
    expect(of(await info({ ...cookie, 'x-devops-uid': 'bob' }))).toEqual([403, 250113]);
  });

  test('beside another authentication, or twice, is 400', async () => {
    const { cookie = '' } = await loggedIn();
    const both = [
      { cookie, ...alice.bearer },
      { cookie, ...alice.basic },
      { cookie, authorization: '' },
    ];
    for (const as of [...both, { cookie: `${cookie}; ${cookie}` }]) expect(of(await info(as))).toEqual([400, 250106]);
    const byToken = await api.call('GET', `${ROOT}/info?access_token=${alice.token}`, { as: { cookie } });
    expect(of(byToken)).toEqual([400, 250106]);
  });
});

describe('what a session changes', () => {
  const SITE = 'https://keys.example';
  let site: ApiOverMemory;
  let cookie: Record<string, string>;

  beforeAll(async () => {
    site = await apiOverMemory({ 'http.publicUrl': `${SITE}/keys` });
  });
  beforeEach(async () => {
    await site.renew();
    await aUser(site, 'alice');
    cookie = cookieFrom((await site.call('POST', `${ROOT}/login`, { as: alice.basic })).headers);
  });
  afterAll(() => site.app.close());

  const change = (headers: Record<string, string>) =>
    site.call('POST', `${ROOT}/token/create`, { as: cookie, headers, body: { name: 'x' } });

  test.each([
    ['the site itself, by Origin', { origin: SITE }],
    ['the site itself, by Sec-Fetch-Site', { origin: SITE, 'sec-fetch-site': 'same-origin' }],
    ['the user, who typed the address', { 'sec-fetch-site': 'none' }],
    ['what is no browser', {}],
  ])('is changed for %s', async (_who, headers) => {
    expect(of(await change(headers))).toEqual([201, 0]);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port', { origin: 'https://keys.example:8443' }],
    ['the same host without TLS', { origin: 'http://keys.example' }],
    ['a frame without origin', { origin: 'null' }],
    ['a neighbour', { origin: SITE, 'sec-fetch-site': 'same-site' }],
    ['a page elsewhere', { 'sec-fetch-site': 'cross-site' }],
  ])('is not changed for %s', async (_who, headers) => {
    expect(of(await change(headers))).toEqual([403, 250113]);
    const { body } = await site.call('GET', `${ROOT}/token/list`, { as: cookie, headers });
    expect(body.data).toHaveLength(1);
  });

  test('is not the fetched token either, nor whom a browser is logged in as', async () => {
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect(of(await site.call('GET', `${ROOT}/token/get`, { as: cookie, headers }))).toEqual([403, 250113]);
    expect(of(await site.call('POST', `${ROOT}/login`, { as: alice.basic, headers }))).toEqual([403, 250113]);
    expect(of(await site.call('POST', `${ROOT}/logout`, { as: cookie, headers }))).toEqual([403, 250113]);
  });

  test('may be read from anywhere, for nobody elsewhere sees the answer', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    const answer = await site.call('GET', `${ROOT}/info`, { as: cookie, headers });
    expect(of(answer)).toEqual([200, 0]);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('is changed for the address that the request came to, where none is configured', async () => {
    const own = cookieFrom((await logIn()).headers);
    const create = (headers: Record<string, string>) =>
      api.call('POST', `${ROOT}/token/create`, { as: own, headers, body: { name: 'x' } });
    expect(of(await create({ host: 'here:7300', origin: 'http://here:7300' }))).toEqual([201, 0]);
    expect(of(await create({ host: 'here:7300', origin: 'http://there:7300' }))).toEqual([403, 250113]);
  });

  test('by a token or a platform is changed from anywhere: no browser sends those by itself', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
    for (const as of [alice.bearer, platformHeaders(api.system, 'alice')])
      expect(of(await api.call('POST', `${ROOT}/token/create`, { as, headers, body: { name: 'x' } }))).toEqual([
        201, 0,
      ]);
  });
});

describe('one’s own password', () => {
  const change = (oldPassword: string, newPassword: string, as: CallOptions['as']) =>
    api.call('PUT', `${ROOT}/password`, { as, body: { oldPassword, newPassword } });

  test('is changed by who knows it, and every session ends', async () => {
    const cookie = await loggedIn();
    const answer = await change(PASSWORD, 'battery staple', cookie);
    expect([...of(answer), answer.body.data]).toEqual([200, 0, true]);
    expect(answer.headers['set-cookie']).toContain('Max-Age=0');
    expect((await info(cookie)).status).toBe(401);
    expect((await logIn()).status).toBe(401);
    expect((await logIn({ userId: 'alice', password: 'battery staple' })).status).toBe(200);
  });

  test.each([
    ['a wrong old one', 'wrong', 'battery staple', [403, 250113]],
    ['one that is too short', PASSWORD, 'short', [400, 250105]],
    ['one that everybody takes', PASSWORD, 'password1', [400, 250105]],
  ])('stays as it is for %s', async (_what, oldPassword, newPassword, expected) => {
    expect(of(await change(oldPassword, newPassword, alice.bearer))).toEqual(expected);
    expect((await logIn()).status).toBe(200);
  });

  test('is not there to change for users that the service does not know', async () => {
    const stranger = platformHeaders(api.system, 'stranger');
    expect(of(await change(PASSWORD, 'battery staple', stranger))).toEqual([404, 250254]);
  });
});

test('a user whom the service does not know is an ordinary user without a name', async () => {
  const { body } = await info(platformHeaders(api.system, 'stranger'));
  expect(body.data).toEqual({ userId: 'stranger', name: null, admin: false });
});

test('Basic proves nobody but where a password is asked for', async () => {
  expect(of(await info(alice.basic))).toEqual([401, 250114]);
  expect(of(await info(basic('alice', 'wrong')))).toEqual([401, 250114]);
});
