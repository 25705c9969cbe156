import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR, PlatformError } from '@claviger/domain';
import { platformHeaders, type Answer } from './answer.js';
import { aPlatform, apiOverMemory, type ApiOverMemory } from './api-over-memory.js';

const ROOT = '/auth/api/account';
const CODE = {
  appId: 'shop',
  authorizationGrantTypes: ['AUTHORIZATION_CODE'],
  homepageUrl: 'http://localhost',
  redirectUri: 'http://localhost/redirect',
  scope: ['PROJECT'],
};

let api: ApiOverMemory;
let admin: Record<string, string>;
let alice: Record<string, string>;

beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(async () => {
  await api.renew();
  admin = platformHeaders(api.system, 'admin');
  alice = platformHeaders(api.system, 'alice');
});
afterAll(() => api.app.close());

const of = ({ status, body }: Answer): [number, number] => [status, body.code];
const create = (body: unknown, as = admin) => api.call('POST', `${ROOT}/create`, { as, body });

describe('an answer is', () => {
  test('200 when it is done, 201 when something was made', async () => {
    expect(of(await create(CODE))).toEqual([201, 0]);
    expect(of(await api.call('GET', `${ROOT}/detail/shop`, { as: admin }))).toEqual([200, 0]);
    expect(of(await api.call('POST', `${ROOT}/credential/shop/AUTHORIZATION_CODE`, { as: admin }))).toEqual([201, 0]);
    expect(of(await api.call('POST', `${ROOT}/credential/check`, { as: admin, body: api.system }))).toEqual([200, 0]);
  });

  test.each([
    ['appId', { appId: undefined }, 'appId is required.'],
    ['appId', { appId: null }, 'appId is required.'],
    ['appId', { appId: 7 }, 'appId must be a string.'],
    ['appId', { appId: ['shop'] }, 'appId must be a string.'],
    ['appId', { appId: 'a/b' }, 'appId must have 1 to 64'],
    ['appId', { appId: 'Create' }, 'appId is a word reserved by this API.'],
    ['authorizationGrantTypes', { authorizationGrantTypes: null }, 'authorizationGrantTypes is required.'],
    ['authorizationGrantTypes', { authorizationGrantTypes: 'PLATFORM' }, 'authorizationGrantTypes must be a list'],
    ['authorizationGrantTypes', { authorizationGrantTypes: [1] }, 'authorizationGrantTypes must be a list of strings.'],
    ['authorizationGrantTypes', { authorizationGrantTypes: [] }, 'authorizationGrantTypes must not be empty.'],
    [
      'authorizationGrantTypes',
      { authorizationGrantTypes: ['platform'] },
      'must be one of PLATFORM, AUTHORIZATION_CODE.',
    ],
    ['locked', { locked: 'no' }, 'locked must be true or false.'],
    ['scope', { scope: 'PROJECT' }, 'scope must be a list of strings.'],
    ['scope', { scope: ['PROJECT', null] }, 'scope must be a list of strings.'],
    ['scope', { scope: null }, 'scope is required for the grant type AUTHORIZATION_CODE.'],
    ['homepageUrl', { homepageUrl: 1 }, 'homepageUrl must be a string.'],
    ['homepageUrl', { homepageUrl: undefined }, 'homepageUrl is required for the grant type AUTHORIZATION_CODE.'],
    ['redirectUri', { redirectUri: {} }, 'redirectUri must be a string.'],
    ['redirectUri', { redirectUri: 'javascript:alert(1)' }, 'redirectUri must be an absolute http or https address'],
    ['avatarUrl', { avatarUrl: true }, 'avatarUrl must be a string.'],
    ['description', { description: ['x'] }, 'description must be a string.'],
    ['description', { description: 'x'.repeat(1025) }, 'description must have at most 1024 characters.'],
    ['description', { description: 'a\u0000b' }, 'description must not contain NUL or broken characters.'],
    ['description', { description: '\ud800' }, 'description must not contain NUL or broken characters.'],
  ])('400 that names the field %s for %j', async (_field, wrong, message) => {
    const answer = await create({ ...CODE, ...wrong });
    expect(of(answer)).toEqual([400, 250105]);
    expect(answer.body.message).toContain(message);
    expect(answer.body.data).toBeNull();
  });

  test.each([
    ['no body', undefined],
    ['a list', []],
    ['a text', '"shop"'],
    ['null', 'null'],
    ['what is no JSON', '{"appId":'],
    ['two values', '{} {}'],
    ['a poisoned prototype', '{"appId":"shop","__proto__":{"admin":true}}'],
    ['a poisoned constructor', '{"constructor":{"prototype":{"admin":true}}}'],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['what lies 33 deep', JSON.stringify(CODE).replace('{', `{"unknown":${'['.repeat(32)}${']'.repeat(32)},`)],
    ['what lies very deep', '['.repeat(60_000)],
  ])('400 for %s as a body', async (_what, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', `${ROOT}/create`, { as: admin, headers, body });
    expect(of(answer)).toEqual([400, 250106]);
    expect(answer.body.message).toBe('The request is malformed.');
  });

  test('201 for what lies 32 deep, and for brackets in texts', async () => {
    const deep = `${'['.repeat(31)}${']'.repeat(31)}`;
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    const body = JSON.stringify({ ...CODE, description: '[{"\\'.repeat(50) }).replace('{', `{"unknown":${deep},`);
    expect(of(await api.call('POST', `${ROOT}/create`, { as: admin, headers, body }))).toEqual([201, 0]);
  });

  test.each([
    ['%zz', 400, 250106],
    ['%c0%80', 400, 250106],
    ['a%2fb', 400, 250105],
    ['%2e%2e%2f%2e%2e', 400, 250105],
    ['a;b', 400, 250105],
    ['a%00b', 400, 250105],
    ['%F0%9F%94%91', 400, 250105],
    ['a'.repeat(65), 400, 250105],
    ['', 404, 250130],
    ['a/b', 404, 250130],
    ['a'.repeat(9000), 414, 250106],
  ])('never a fault for the path part %s', async (part, status, code) => {
    expect(of(await api.call('GET', `${ROOT}/detail/${part}`, { as: admin }))).toEqual([status, code]);
  });

  test.each(['limit=1&limit=2', 'owner=a&owner=b', 'locked=true&locked=true', 'q=&q=', 'cursor=1&cursor=1'])(
    '400 for the repeated parameter %s',
    async (query) => {
      const answer = await api.call('GET', `${ROOT}/list?${query}`, { as: admin });
      expect(of(answer)).toEqual([400, 250105]);
      expect(answer.body.message).toBe(`${query.split('=')[0]} must not be given twice.`);
    },
  );

  test('400 for a repeated type of a new credential', async () => {
    const url = `${ROOT}/credential/claviger?type=PLATFORM&type=PLATFORM`;
    expect(of(await api.call('POST', url, { as: admin }))).toEqual([400, 250105]);
  });

  test.each(['limit=0', 'limit=1001', 'limit=-1', 'limit=1.5', 'limit=1e2', 'limit=', 'limit=abc', 'limit=%31%30x'])(
    '400 for the page size %s',
    async (query) => {
      expect(of(await api.call('GET', `${ROOT}/list?${query}`, { as: admin }))).toEqual([400, 250105]);
    },
  );

  test.each(['locked=yes', 'grantType=X', 'scope=x', 'owner=a/b', 'cursor=x', `q=${'x'.repeat(129)}`, 'q=%00'])(
    '400 for the filter %s',
    async (query) => {
      expect(of(await api.call('GET', `${ROOT}/list?${query}`, { as: admin }))).toEqual([400, 250105]);
    },
  );

  test.each(['/credential//csk_a', '/credential/cak_a/', '/credential/app/cak_a/', '/credential/app//csk_a'])(
    '404 for a check whose path has an empty part: %s',
    async (path) => {
      expect((await api.call('GET', `${ROOT}${path}`, { as: admin })).status).toBe(404);
    },
  );

  test.each([
    ['no access key', { accessKey: undefined }, 'accessKey is required.'],
    ['no secret key', { secretKey: null }, 'secretKey is required.'],
    ['a secret key that is no text', { secretKey: 7 }, 'secretKey must be a string.'],
    ['an empty appId, which is no wish to ask about every account', { appId: '' }, 'appId must have 1 to 64'],
    ['an empty type', { type: '' }, 'type must be one of PLATFORM, AUTHORIZATION_CODE.'],
  ])('400 for a check with %s', async (_what, wrong, message) => {
    const body = { ...api.system, ...wrong };
    const answer = await api.call('POST', `${ROOT}/credential/check`, { as: admin, body });
    expect(of(answer)).toEqual([400, 250105]);
    expect(answer.body.message).toContain(message);
  });

  test.each([
    ['two authentications', { authorization: 'Platform eDp5' }, '?access_token=x', 250106],
    ['users that differ', { 'x-devops-uid': 'bob' }, '', 250106],
    ['a user that cannot be', { 'x-bkrepo-uid': 'a b' }, '', 250105],
  ])('400 for %s', async (_what, headers, query, code) => {
    const answer = await api.call('GET', `${ROOT}/own/list${query}`, { as: alice, headers });
    expect(of(answer)).toEqual([400, code]);
  });

  test('401 for nobody, in words that clients look for', async () => {
    const answer = await api.call('GET', `${ROOT}/own/list`);
    expect(of(answer)).toEqual([401, 250114]);
    expect(answer.body.message).toBe('Request accessToken is empty.');
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="claviger", Platform realm="claviger"');
  });

  test('the same 401 for every key that is not good', async () => {
    const { accessKey, secretKey } = await aPlatform(api, 'robot', ['SYSTEM']);
    await create(CODE);
    const issued = await api.platform.createCredential(OPERATOR, { appId: 'shop', type: 'AUTHORIZATION_CODE' });
    const disabled = await aPlatform(api, 'disabled', ['SYSTEM']);
    await api.platform.changeCredentialStatus(OPERATOR, { appId: 'disabled', ...disabled, status: 'DISABLE' });
    const lockedAway = await aPlatform(api, 'away', ['SYSTEM']);
    await api.platform.changeCredentialStatus(OPERATOR, { appId: 'away', ...lockedAway, status: 'DISABLE' });
    await api.platform.lockAccount(OPERATOR, { appId: 'away', locked: true });
    const pairs = [
      { accessKey, secretKey: api.system.secretKey },
      { accessKey, secretKey: '' },
      { accessKey: 'nobody', secretKey },
      { accessKey: issued.credential.accessKey, secretKey: issued.secretKey },
      disabled,
      lockedAway,
    ];
    for (const pair of pairs) {
      const answer = await api.call('GET', `${ROOT}/own/list`, { as: platformHeaders(pair as never, 'alice') });
      expect([...of(answer), answer.body.message]).toEqual([401, 250114, 'Authentication failed.']);
    }
    const gone = await aPlatform(api, 'gone', ['SYSTEM']);
    await api.platform.deleteAccount(OPERATOR, { appId: 'gone' });
    const answer = await api.call('GET', `${ROOT}/own/list`, { as: platformHeaders(gone, 'alice') });
    expect([...of(answer), answer.body.message]).toEqual([401, 250114, 'Authentication failed.']);
  });

  test('401 for a platform that does not say for whom it calls', async () => {
    const answer = await api.call('GET', `${ROOT}/own/list`, { as: platformHeaders(api.system) });
    expect(of(answer)).toEqual([401, 250114]);
    expect(answer.body.message).toContain('X-BKREPO-UID');
  });

  test('403 for a user, for an account', async () => {
    expect(of(await api.call('GET', `${ROOT}/list`, { as: alice }))).toEqual([403, 250236]);
    const weak = platformHeaders(await aPlatform(api, 'weak', ['NODE']), 'admin');
    expect(of(await api.call('GET', `${ROOT}/list`, { as: weak }))).toEqual([403, 250237]);
  });

  test('403 for an owner who unlocks', async () => {
    await create(CODE, alice);
    expect(of(await api.call('PUT', `${ROOT}/update`, { as: alice, body: { ...CODE, locked: true } }))).toEqual([
      200, 0,
    ]);
    const unlock = { body: { ...CODE, locked: false } };
    expect(of(await api.call('PUT', `${ROOT}/update`, { as: alice, ...unlock }))).toEqual([403, 250236]);
    expect(of(await api.call('PUT', `${ROOT}/update`, { as: admin, ...unlock }))).toEqual([200, 0]);
  });

  test('404 for an account that is missing, a credential, an authorization, a URL', async () => {
    expect(of(await api.call('GET', `${ROOT}/detail/nothing`, { as: admin }))).toEqual([404, 250213]);
    expect(of(await api.call('DELETE', `${ROOT}/credential/claviger/x`, { as: admin }))).toEqual([404, 250251]);
    expect(of(await api.call('DELETE', `${ROOT}/uninstall/claviger`, { as: admin }))).toEqual([404, 250252]);
    for (const url of ['/auth', ROOT, `${ROOT}/`, `${ROOT}/list/`, `/AUTH/api/account/list`, '//', '/ms/health/live'])
      expect(of(await api.call('GET', url))).toEqual([404, 250130]);
  });

  test('the same 404, byte for byte, for what is missing and for what is somebody else’s', async () => {
    await create(CODE);
    for (const [method, path] of [
      ['GET', 'detail/APP'],
      ['DELETE', 'delete/APP'],
      ['GET', 'credential/list/APP'],
      ['POST', 'credential/APP/AUTHORIZATION_CODE'],
      ['DELETE', 'credential/APP/cak_x'],
      ['PUT', 'credential/APP/cak_x/DISABLE'],
      ['POST', 'credential/APP/cak_x/rotate'],
      ['GET', 'credential/APP/cak_x/rotation'],
      ['DELETE', 'credential/APP/cak_x/rotation'],
    ] as const) {
      const [foreign, missing] = await Promise.all(
        ['shop', 'none'].map((appId) => api.call(method, `${ROOT}/${path.replace('APP', appId)}`, { as: alice })),
      );
      if (!foreign || !missing) throw new Error('There are two answers.');
      const anonymous = ({ text, body }: Answer) => text.replace(body.traceId, '');
      expect(anonymous(foreign)).toBe(anonymous(missing));
      expect({ ...foreign.headers, date: '' }).toEqual({ ...missing.headers, date: '' });
      expect([foreign.status, missing.status]).toEqual([404, 404]);
    }
  });

  test.each([
    ['PATCH', `${ROOT}/update`, 'PUT'],
    ['GET', `${ROOT}/create`, 'POST'],
    ['POST', `${ROOT}/list`, 'GET, HEAD'],
    ['POST', `/ms${ROOT}/detail/x?y=z`, 'GET, HEAD'],
    ['PATCH', `${ROOT}/credential/x/y`, 'DELETE, GET, HEAD, POST'],
    ['DELETE', `${ROOT}/credential/x/y/z`, 'GET, HEAD, PUT'],
    ['PATCH', `${ROOT}/credential/x/y/rotate`, 'GET, HEAD, POST, PUT'],
    ['PATCH', `${ROOT}/credential/x/y/rotation`, 'DELETE, GET, HEAD, PUT'],
    ['OPTIONS', '/health/live', 'GET, HEAD'],
    ['QUERY', `${ROOT}/list`, 'GET, HEAD'],
  ])('405 for %s %s', async (method, url, allow) => {
    const answer = await api.call(method, url, { headers: { 'content-type': 'application/json' } });
    expect([...of(answer), answer.headers['allow']]).toEqual([405, 250112, allow]);
  });

  test('409 for an appId that is taken, a last credential, a record that changes all the time', async () => {
    await create(CODE);
    expect(of(await create({ ...CODE, appId: 'SHOP' }))).toEqual([409, 250212]);
    const last = `${ROOT}/credential/claviger/${api.system.accessKey}`;
    expect(of(await api.call('DELETE', last, { as: admin }))).toEqual([409, 250232]);
    api.breakWith(new PlatformError('write_was_stale'));
    expect(of(await api.call('DELETE', last, { as: admin }))).toEqual([409, 250133]);
  });

  test('413 for a body that is too large', async () => {
    const body = { ...CODE, unknown: 'x'.repeat(70_000) };
    expect(of(await create(body))).toEqual([413, 250106]);
  });

  test('414 for a URL that is too long, even where there is nothing', async () => {
    const answer = await api.call('GET', `/nothing?${'x'.repeat(9000)}`);
    expect(of(answer)).toEqual([414, 250106]);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    '415 for a body of type %s',
    async (type) => {
      const options = { as: admin, headers: { 'content-type': type }, body: JSON.stringify(CODE) };
      expect(of(await api.call('POST', `${ROOT}/create`, options))).toEqual([415, 250119]);
    },
  );

  test('422 for a credential of a type that the account does not have', async () => {
    const answer = await api.call('POST', `${ROOT}/credential/claviger/AUTHORIZATION_CODE`, { as: admin });
    expect(of(answer)).toEqual([422, 250234]);
    expect(answer.body.message).toBe('The account does not have the grant type AUTHORIZATION_CODE.');
  });

  test('423 for a locked account that calls, and for a locked user', async () => {
    const key = await aPlatform(api, 'robot', ['SYSTEM']);
    await api.platform.createUser(OPERATOR, { userId: 'carol' });
    await api.platform.lockUser(OPERATOR, { userId: 'carol', locked: true });
    expect(of(await api.call('GET', `${ROOT}/own/list`, { as: platformHeaders(key, 'carol') }))).toEqual([423, 250250]);
    await api.platform.lockAccount(OPERATOR, { appId: 'robot', locked: true });
    expect(of(await api.call('GET', `${ROOT}/own/list`, { as: platformHeaders(key, 'alice') }))).toEqual([423, 250250]);
    expect(of(await api.call('POST', `${ROOT}/credential/check`, { as: platformHeaders(key), body: key }))).toEqual([
      423, 250250,
    ]);
  });

  test('431 for headers that are too large', async () => {
    const answer = await api.call('GET', '/health/live', { headers: { 'x-large': 'x'.repeat(17_000) } });
    expect(of(answer)).toEqual([431, 250106]);
  });

  test('500 for our fault, and says nothing of it', async () => {
    api.breakWith(new Error('the password of the database is hunter2'));
    const answer = await api.call('GET', `${ROOT}/own/list`, { as: alice });
    expect(of(answer)).toEqual([500, 250102]);
    expect(answer.text).not.toContain('hunter2');
    expect(answer.text).not.toContain('at ');
  });

  test('503 while the database is away, and says when to come again', async () => {
    api.breakWith(new PlatformError('database_unavailable'));
    const answer = await api.call('GET', `${ROOT}/own/list`, { as: alice });
    expect([...of(answer), answer.headers['retry-after']]).toEqual([503, 250128, '2']);
    const ready = await api.call('GET', '/health/ready');
    expect([...of(ready), ready.headers['retry-after']]).toEqual([503, 250128, '2']);
    expect(of(await api.call('GET', '/health/live'))).toEqual([200, 0]);
  });
});

describe('the order of judgement is', () => {
  test('the route before the caller', async () => {
    expect(of(await api.call('GET', '/nothing'))).toEqual([404, 250130]);
    expect(of(await api.call('PATCH', `${ROOT}/update`))).toEqual([405, 250112]);
  });

  test.each([
    ['what is no JSON', 'application/json', '{'],
    ['what is too large', 'application/json', ' '.repeat(70_000)],
    ['a form', 'application/x-www-form-urlencoded', 'a=b'],
  ])('the caller before the body: %s from nobody is 401', async (_what, type, body) => {
    const answer = await api.call('POST', `${ROOT}/create`, { headers: { 'content-type': type }, body });
    expect(of(answer)).toEqual([401, 250114]);
  });

  test('the caller before the path and the query', async () => {
    expect(of(await api.call('GET', `${ROOT}/detail/a%2fb`))).toEqual([401, 250114]);
    expect(of(await api.call('GET', `${ROOT}/list?limit=0`))).toEqual([401, 250114]);
    const platform = platformHeaders(api.system);
    expect(of(await api.call('GET', `${ROOT}/list?limit=0`, { as: platform }))).toEqual([401, 250114]);
  });

  test('a locked caller before the shape', async () => {
    const key = await aPlatform(api, 'robot', ['SYSTEM']);
    await api.platform.lockAccount(OPERATOR, { appId: 'robot', locked: true });
    expect(of(await create({}, platformHeaders(key, 'admin')))).toEqual([423, 250250]);
  });

  test('the shape before what the caller may ask', async () => {
    expect(of(await api.call('GET', `${ROOT}/list?limit=0`, { as: alice }))).toEqual([400, 250105]);
    expect(of(await create({ ...CODE, authorizationGrantTypes: ['PLATFORM', 'X'] }, alice))).toEqual([400, 250105]);
    const weak = platformHeaders(await aPlatform(api, 'weak', []), 'admin');
    expect(of(await create({}, weak))).toEqual([400, 250105]);
    expect(of(await api.call('GET', `${ROOT}/detail/a%2fb`, { as: weak }))).toEqual([400, 250105]);
  });

  test('what the caller may ask before what is there', async () => {
    expect(of(await api.call('POST', `${ROOT}/credential/none/PLATFORM`, { as: alice }))).toEqual([403, 250236]);
    const check = { as: platformHeaders(await aPlatform(api, 'weak', [])), body: api.system };
    expect(of(await api.call('POST', `${ROOT}/credential/check`, check))).toEqual([403, 250237]);
  });

  test('what is there before its state', async () => {
    await create(CODE);
    expect(of(await api.call('DELETE', `${ROOT}/credential/shop/none`, { as: alice }))).toEqual([404, 250213]);
    expect(of(await api.call('DELETE', `${ROOT}/credential/shop/none`, { as: admin }))).toEqual([404, 250251]);
  });
});

describe('every answer', () => {
  test('carries the trace of the request', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const headers = { traceparent: `00-${trace}-00f067aa0ba902b7-01` };
    for (const url of ['/health/live', '/nothing', `${ROOT}/list`, '/%zz', `${ROOT}/detail/${'a'.repeat(9000)}`])
      expect((await api.call('GET', url, { headers })).body.traceId).toBe(trace);
    expect((await api.call('GET', `${ROOT}/list`, { as: admin, headers })).body.traceId).toBe(trace);
  });

  test('speaks the language of the caller', async () => {
    const headers = { 'accept-language': 'zh-CN,zh;q=0.9' };
    expect((await api.call('GET', '/nothing', { headers })).body.message).toBe('该 URL 不存在。');
    expect((await api.call('GET', '/%zz', { headers })).body.message).toBe('请求格式错误。');
    const wrong = await api.call('POST', `${ROOT}/create`, { as: admin, headers, body: { appId: 1 } });
    expect(wrong.body.message).toBe('appId 必须是字符串。');
  });

  test('may not be kept, guessed about, or told who made it', async () => {
    for (const url of [
      '/health/live',
      '/nothing',
      '/%zz',
      `${ROOT}/list`,
      `${ROOT}/list?limit=x`,
      '/docs',
      '/openapi.json',
    ]) {
      const { headers } = await api.call('GET', url, { as: admin });
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-powered-by']));
      expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['server']));
      if (!/docs|openapi/.test(url)) expect(headers['cache-control']).toBe('no-store');
    }
  });

  test('to HEAD is that to GET without its body', async () => {
    const head = await api.call('HEAD', `${ROOT}/list`, { as: admin });
    expect([head.status, head.headers['x-total-count'], head.text]).toEqual([200, '1', '']);
    expect((await api.call('HEAD', `${ROOT}/list`)).status).toBe(401);
  });
});
