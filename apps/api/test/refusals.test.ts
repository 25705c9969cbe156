import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { PlatformError, type AuditRecord } from '@claviger/domain';
import { platformHeaders } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { aUser, basic, type KnownUser } from './known-user.js';

const ROOT = '/auth/api';

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

async function refusals(): Promise<readonly AuditRecord[]> {
  await api.platform.writeNotes();
  const found = await api.database.audit.list({ name: 'caller.refused' }, { limit: 100, after: null });
  return found.toReversed();
}

/** What the audit tells of the only refusal. */
async function told() {
  const [one, ...more] = await refusals();
  if (!one || more.length > 0) throw new Error(`There are ${more.length + (one ? 1 : 0)} refusals.`);
  const { error, times, accessKey } = one.details;
  return { attempt: one.subject.id, error, times, accessKey, kind: one.by.kind, userId: one.by.userId, by: one.by };
}

describe('the audit tells of a refusal', () => {
  test('by the pattern of its route, where it came from and under the trace id of its answer', async () => {
    const { body } = await api.call('GET', `${ROOT}/account/detail/shop?access_token=wrong`, {});
    const { attempt, error, by } = await told();
    expect([attempt, error]).toEqual(['GET /auth/api/account/detail/:appId', 'access_token_illegal']);
    expect(by).toMatchObject({ kind: 'stranger', userId: null, address: '127.0.0.1', traceId: body.traceId });
  });

  test('who was proven and may not', async () => {
    await api.call('GET', `/ms${ROOT}/user/list`, { as: alice.bearer });
    expect(await told()).toMatchObject({
      attempt: 'GET /ms/auth/api/user/list',
      error: 'user_not_allowed',
      kind: 'user',
      userId: 'alice',
    });
  });

  test('which access key came with a wrong secret', async () => {
    const { accessKey, secretKey } = api.system;
    const wrong = { accessKey, secretKey: `${secretKey.slice(0, -1)}x` } as typeof api.system;
    await api.call('GET', `${ROOT}/account/own/list`, { as: platformHeaders(wrong, 'alice') });
    expect(await told()).toMatchObject({ error: 'caller_unknown', accessKey, kind: 'stranger', userId: null });
  });

  test('who logs in with a wrong password, in a header or a body', async () => {
    await api.call('POST', `${ROOT}/user/login`, { as: basic('alice', 'wrong') });
    await api.call('POST', `${ROOT}/user/login`, { body: { userId: 'alice', password: 'wrong' } });
    expect(await told()).toMatchObject({ attempt: 'POST /auth/api/user/login', userId: 'alice', times: 2 });
  });

  test('where a token is fetched, though that answer has no envelope', async () => {
    const { status } = await api.call('GET', `${ROOT}/user/token/get`, { as: basic('alice', 'wrong') });
    expect(status).toBe(401);
    expect(await told()).toMatchObject({ error: 'caller_unknown', userId: 'alice' });
  });

  test('at the gateway', async () => {
    await api.call('GET', '/ms/openapi/api/apigw/v3/projects?access_token=wrong');
    expect(await told()).toMatchObject({ attempt: 'GET /ms/openapi/api/apigw/*', error: 'access_token_illegal' });
  });

  test('and nothing of what was sent', async () => {
    const body = { userId: 'a-password-typed-in-haste', password: 'another-password' };
    await api.call('POST', `${ROOT}/user/login`, { body });
    await api.call('GET', `${ROOT}/user/detail/bob?access_token=cat_secret&x=query`);
    await api.call('GET', `${ROOT}/account/credential/a/b/csk_secret`);
    const all = JSON.stringify(await refusals());
    expect(all).toContain('/auth/api/account/credential/:appId/:accessKey/:secretKey');
    for (const sent of ['haste', 'another', 'secret"', 'query', 'bob']) expect(all).not.toContain(sent);
  });
});

describe('the audit does not tell', () => {
  test('of what was merely asked wrongly', async () => {
    await api.call('GET', `${ROOT}/nothing`);
    await api.call('POST', `${ROOT}/user/info`, { as: alice.bearer });
    await api.call('GET', `${ROOT}/account/detail/gone`, { as: alice.bearer });
    await api.call('POST', `${ROOT}/user/token/create`, { as: alice.bearer, body: {} });
    expect(await refusals()).toEqual([]);
  });

  test('anything that changes the answer, not even when it cannot count', async () => {
    api.swap({
      noteRefusal: () => {
        throw new Error('It does not count.');
      },
    });
    expect((await api.call('GET', `${ROOT}/user/info`)).body.code).toBe(250114);
    api.breakWith(new PlatformError('database_unavailable'));
    expect((await api.call('GET', `${ROOT}/user/info`, { as: alice.bearer })).status).toBe(503);
  });
});
