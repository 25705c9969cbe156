import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR } from '@claviger/domain';
import { platformHeaders } from '../../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { aUser, type KnownUser } from '../../test/known-user.js';

let api: ApiOverMemory;
let alice: KnownUser;

beforeAll(async () => {
  api = await apiOverMemory({
    'auth.accessToken.enabled': false,
    'auth.accessToken.trustHeaderFrom': ['198.51.100.0/24'],
    'http.trustProxy': true,
  });
});
beforeEach(async () => {
  await api.renew();
  alice = await aUser(api, 'alice');
});
afterAll(() => api.app.close());

async function ask(headers: Record<string, string>, remoteAddress = '198.51.100.7', url = '/auth/api/user/info') {
  const answer = await api.server.inject({ method: 'GET', url, headers, remoteAddress });
  const body = answer.json<{ message: string; data: { userId: string; admin: boolean } | null }>();
  return { status: answer.statusCode, ...body };
}

describe('without access tokens a bare user header', () => {
  test.each(['x-devops-uid', 'x-bkrepo-uid'])('is its user, from a proxy that is believed: %s', async (header) => {
    expect(await ask({ [header]: 'alice' })).toMatchObject({ status: 200, data: { userId: 'alice', admin: false } });
    expect(await ask({ [header]: 'stranger' })).toMatchObject({ status: 200, data: { userId: 'stranger' } });
    expect(await ask({ [header]: 'admin' })).toMatchObject({ status: 200, data: { admin: true } });
  });

  test('is nobody from anywhere else, whatever the header of a proxy says', async () => {
    for (const address of ['127.0.0.1', '203.0.113.1'])
      expect(await ask({ 'x-devops-uid': 'admin', 'x-forwarded-for': '198.51.100.7' }, address)).toMatchObject({
        status: 401,
        message: 'Request accessToken is empty.',
      });
  });

  test('must be well-formed, and is 423 for a locked user', async () => {
    expect((await ask({ 'x-devops-uid': 'a b' })).status).toBe(400);
    expect((await ask({ 'x-devops-uid': 'alice', 'x-bkrepo-uid': 'bob' })).status).toBe(400);
    await api.platform.lockUser(OPERATOR, { userId: 'alice', locked: true });
    expect((await ask({ 'x-devops-uid': 'alice' })).status).toBe(423);
  });

  test('does not outdo a proof that is given, nor stand in for a wrong one', async () => {
    expect(await ask({ ...alice.bearer, 'x-devops-uid': 'admin' })).toMatchObject({ status: 403 });
    expect(await ask({ authorization: 'Bearer x', 'x-devops-uid': 'admin' })).toMatchObject({ status: 401 });
    expect(await ask({ authorization: 'Basic !', 'x-devops-uid': 'admin' })).toMatchObject({ status: 401 });
    expect(await ask({ cookie: 'claviger_session=x', 'x-devops-uid': 'admin' })).toMatchObject({ status: 401 });
    expect(await ask(platformHeaders(api.system, 'bob'))).toMatchObject({ status: 200, data: { userId: 'bob' } });
  });

  test('fetches no token: that is for who knows a password', async () => {
    const answer = await ask({ 'x-devops-uid': 'alice' }, '198.51.100.7', '/auth/api/user/token/get');
    expect(answer).toMatchObject({ status: 401, message: '用户权限验证失败。' });
  });
});
