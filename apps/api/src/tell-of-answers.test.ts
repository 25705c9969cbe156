import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR } from '@claviger/domain';
import { platformHeaders } from '../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../test/api-over-memory.js';
import { aUser, cookieFrom, PASSWORD } from '../test/known-user.js';

const ROOT = '/auth/api/account';
const [DEBUG, INFO, ERROR] = [20, 30, 50];

let api: ApiOverMemory;
let admin: Record<string, string>;

beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(async () => {
  await api.renew();
  admin = platformHeaders(api.system, 'admin');
  api.lines.length = 0;
});
afterAll(() => api.app.close());

describe('the log', () => {
  test('has one line for a request: what was called, by whom, with what result', async () => {
    const { body } = await api.call('GET', `${ROOT}/detail/claviger?x=1`, { as: admin });
    expect(api.lines).toEqual([
      {
        level: INFO,
        time: expect.any(Number),
        pid: expect.any(Number),
        hostname: expect.any(String),
        msg: 'request',
        method: 'GET',
        route: `${ROOT}/detail/:appId`,
        status: 200,
        ms: expect.any(Number),
        traceId: body.traceId,
        userId: 'admin',
        appId: 'claviger',
      },
    ]);
  });

  test('says successful checks and health only to who wants to know everything', async () => {
    const { accessKey, secretKey } = api.system;
    await api.call('GET', `${ROOT}/credential/${accessKey}/${secretKey}`, { as: admin });
    await api.call('POST', `${ROOT}/credential/check`, { as: admin, body: api.system });
    await api.call('GET', '/health/ready');
    expect(api.lines.map(({ level }) => level)).toEqual([DEBUG, DEBUG, DEBUG]);
    await api.call('POST', `${ROOT}/credential/check`, { body: api.system });
    expect(api.lines.at(-1)).toMatchObject({ level: INFO, status: 401 });
  });

  test.each([
    ['an unknown URL', 'GET', '/secret-in-the-url', 404],
    ['a wrong method', 'PATCH', `${ROOT}/list`, 405],
    ['a URL that cannot be read', 'GET', '/%zz', 400],
    ['a URL that is too long', 'GET', `/${'x'.repeat(9000)}`, 414],
  ])('has a line for %s', async (_what, method, url, status) => {
    const { body } = await api.call(method, url);
    expect(api.lines).toHaveLength(1);
    expect(api.lines[0]).toMatchObject({
      level: INFO,
      msg: 'request',
      method,
      route: null,
      status,
      traceId: body.traceId,
    });
  });

  test('tells a fault’s cause to us, once, under the trace id that the caller was told', async () => {
    const fault = Object.assign(new Error('boom'), { parameters: ['bound-value'], query: 'INSERT …' });
    api.breakWith(fault);
    const { body } = await api.call('GET', `${ROOT}/detail/claviger`, { as: admin });
    expect(api.lines).toHaveLength(2);
    expect(api.lines[0]).toMatchObject({
      level: ERROR,
      traceId: body.traceId,
      route: `${ROOT}/detail/:appId`,
      error: { message: 'boom', stack: expect.stringContaining('boom') },
    });
    expect(JSON.stringify(api.lines)).not.toContain('bound-value');
  });

  test('never holds a secret, wherever one was sent', async () => {
    const body = { appId: 'shop', authorizationGrantTypes: ['PLATFORM'] };
    const created = await api.call('POST', `${ROOT}/create`, { as: admin, body });
    const [shop] = (created.body.data as { credentials: { accessKey: string; secretKey: string }[] }).credentials;
    if (!shop) throw new Error('The account has no credential.');
    const { accessKey, secretKey } = shop;
    const bearer = platformHeaders(shop as never, 'admin');
    for (const [method, url] of [
      ['GET', `${ROOT}/credential/shop/${accessKey}/${secretKey}`],
      ['GET', `${ROOT}/credential/${accessKey}/${secretKey}`],
      ['GET', `${ROOT}/credential/${accessKey}/${secretKey}/`],
      ['PATCH', `${ROOT}/credential/${accessKey}/${secretKey}`],
      ['GET', `${ROOT}/credential/${accessKey}/${secretKey}%zz`],
      ['GET', `${ROOT}/credential/${accessKey}/${secretKey}${'x'.repeat(9000)}`],
      ['GET', `${ROOT}/list?access_token=${secretKey}`],
      ['DELETE', `${ROOT}/credential/shop/${secretKey}`],
      ['PUT', `${ROOT}/credential/shop/${accessKey}/${secretKey}`],
      ['POST', `${ROOT}/credential/shop/${secretKey}`],
      ['GET', `${ROOT}/detail/${secretKey}`],
    ] as const) {
      const answer = await api.call(method, url, { as: admin });
      expect(answer.text).not.toContain(secretKey);
      await api.call(method, url, { as: bearer });
      await api.call(method, url);
    }
    await api.call('POST', `${ROOT}/credential/check`, { as: admin, body: shop });
    await api.call('POST', `${ROOT}/credential/check`, { as: admin, body: `{"secretKey":"${secretKey}"` });
    await api.platform.lockAccount(OPERATOR, { appId: 'shop', locked: true });
    await api.call('GET', `${ROOT}/list`, { as: bearer });
    api.breakWith(new Error('down'));
    await api.call('GET', `${ROOT}/credential/${accessKey}/${secretKey}`, { as: bearer });

    const log = JSON.stringify(api.lines);
    expect(api.lines.length).toBeGreaterThan(30);
    for (const secret of [secretKey, secretKey.slice(0, 12), ...Object.values(bearer).slice(0, 1)])
      expect(log).not.toContain(secret);
  });

  test('never holds a token, a session or a password, nor who tried with one', async () => {
    const alice = await aUser(api, 'alice');
    const login = await api.call('POST', '/auth/api/user/login', { body: { userId: 'alice', password: PASSWORD } });
    const cookie = cookieFrom(login.headers);
    const fetched = await api.call('GET', '/auth/api/user/token/get', { as: cookie });
    const { accessToken } = JSON.parse(fetched.text) as { accessToken: string };
    const mistyped = { userId: 'hunter2', password: 'alice' };
    for (const [method, url, as, body] of [
      ['GET', `/auth/api/user/info?access_token=${accessToken}`, {}, undefined],
      ['GET', `/auth/api/user/info?access_token=${accessToken}x`, {}, undefined],
      ['GET', `/ms/openapi/api/apigw/x?access_token=${accessToken}`, {}, undefined],
      ['GET', `/nothing?access_token=${accessToken}`, {}, undefined],
      ['GET', '/auth/api/user/info', alice.bearer, undefined],
      ['GET', '/auth/api/user/info', cookie, undefined],
      ['GET', '/auth/api/user/token/get', alice.basic, undefined],
      ['DELETE', `/auth/api/user/token/${accessToken}`, alice.bearer, undefined],
      ['POST', '/auth/api/user/login', {}, mistyped],
      ['PUT', '/auth/api/user/password', alice.bearer, { oldPassword: PASSWORD, newPassword: 'battery staple' }],
    ] as const)
      await api.call(method, url, { as, body });
    api.breakWith(new Error('down'));
    await api.call('GET', `/auth/api/user/info?access_token=${accessToken}`, { as: cookie });
    await api.call('GET', `/auth/api/user/info?access_token=${accessToken}`);

    const log = JSON.stringify(api.lines);
    const session = cookie['cookie']?.split('=')[1] ?? '';
    expect(api.lines.length).toBeGreaterThan(10);
    for (const secret of [
      accessToken,
      alice.token,
      session,
      PASSWORD,
      'battery',
      'hunter2',
      alice.basic['authorization'],
    ])
      expect(log).not.toContain(secret);
    expect(api.lines).toContainEqual(expect.objectContaining({ route: '/auth/api/user/info', userId: 'alice' }));
  });
});
