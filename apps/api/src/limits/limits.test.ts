import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR, type Allowance } from '@claviger/domain';
import { platformHeaders, type Answer } from '../../test/answer.js';
import { aPlatform, apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { aUser, basic, bearer, type KnownUser } from '../../test/known-user.js';

const ROOT = '/auth/api/user';
const HERE = '127.0.0.1';

let api: ApiOverMemory;
let alice: KnownUser;

beforeAll(async () => {
  api = await apiOverMemory({ 'limits.failures.perKeyAndAddress': 20, 'limits.failures.window': 60_000 });
});
beforeEach(async () => {
  await api.renew();
  alice = await aUser(api, 'alice');
});
afterAll(() => api.app.close());

const of = ({ status, body }: Answer): [number, number] => [status, body.code];
const limitsIn = ({ headers }: Answer) => [headers['ratelimit-policy'], headers['ratelimit'], headers['retry-after']];
const info = (as: Record<string, string>) => api.call('GET', `${ROOT}/info`, { as });

describe('whoever failed too often', () => {
  test.each([
    ['a token', { name: null }, () => info(alice.bearer)],
    ['a platform', { name: 'system' }, () => info(platformHeaders(api.system, 'alice'))],
    ['a login', { name: 'alice' }, () => api.call('POST', `${ROOT}/login`, { as: alice.basic })],
    ['fetching a token', { name: 'alice' }, () => api.call('GET', `${ROOT}/token/get`, { as: alice.basic })],
  ])('waits, right or wrong, and is told how long: %s', async (_what, { name }, call) => {
    const blocked = name === 'system' ? api.system.accessKey : name;
    api.failures.block({ name: blocked, address: HERE }, 41_500);
    const answer = await call();
    expect(of(answer)).toEqual([429, 250129]);
    expect(limitsIn(answer)).toEqual(['"failures";q=20;w=60', '"failures";r=0;t=42', '42']);
    api.failures.block({ name: blocked, address: HERE }, 0);
    expect((await call()).status).toBe(200);
  });

  test('is counted by what was presented and by the address, not for being nobody', async () => {
    await info({});
    await info({ authorization: 'Negotiate x' });
    expect(api.failures.seen).toEqual([]);
    await info(bearer('x'));
    await info({ cookie: 'claviger_session=x' });
    await info(platformHeaders({ ...api.system, secretKey: alice.token as never }, 'alice'));
    await api.call('GET', `${ROOT}/token/get`, { as: basic('alice', 'x') });
    await api.call('POST', `${ROOT}/login`, { body: { userId: 'bob', password: 'x' } });
    const names = [null, null, api.system.accessKey, 'alice', 'bob'];
    expect(api.failures.seen).toEqual(names.map((name) => ({ name, address: HERE })));
  });

  test('is known by the address of the connection, whatever a header says', async () => {
    const remoteAddress = '::ffff:198.51.100.7';
    const headers = { ...bearer('x'), 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1' };
    await api.server.inject({ method: 'GET', url: `${ROOT}/info`, headers, remoteAddress });
    expect(api.failures.seen).toEqual([{ name: null, address: '198.51.100.7' }]);
  });

  test('is known behind a proxy by what that saw, whatever its client says', async () => {
    const behind = await apiOverMemory({ 'http.trustProxy': true });
    const headers = { ...bearer('x'), 'x-forwarded-for': '192.0.2.66, 198.51.100.7' };
    await behind.call('GET', `${ROOT}/info`, { headers });
    expect(behind.failures.seen).toEqual([{ name: null, address: '198.51.100.7' }]);
    await behind.app.close();
  });
});

describe('requests', () => {
  const taken: string[] = [];
  const allowance: Allowance = { granted: true, limit: 3, remaining: 2, resetIn: 59_001 };

  beforeEach(() => {
    taken.length = 0;
    let left = 3;
    api.limit({
      take: async (caller) => {
        taken.push(caller);
        left--;
        return { ...allowance, granted: left >= 0, remaining: Math.max(0, left) };
      },
    });
  });

  test('are as many as the caller likes where nobody limited them', async () => {
    await api.renew();
    const answer = await info(platformHeaders(api.system, 'alice'));
    expect(limitsIn(answer)).toEqual([undefined, undefined, undefined]);
  });

  test('tell in every answer how many are left, refusals included, and are 429 beyond', async () => {
    const policy = '"requests";q=3;w=60';
    expect(limitsIn(await info(alice.bearer))).toEqual([policy, '"requests";r=2;t=60', undefined]);
    const missing = await api.call('DELETE', `${ROOT}/token/none`, { as: alice.bearer });
    expect([missing.status, ...limitsIn(missing)]).toEqual([404, policy, '"requests";r=1;t=60', undefined]);
    await info(alice.bearer);
    const refused = await info(alice.bearer);
    expect(of(refused)).toEqual([429, 250129]);
    expect(limitsIn(refused)).toEqual([policy, '"requests";r=0;t=60', '60']);
  });

  test('are counted for the user, for the account through which users come, and for the address of who logs in', async () => {
    await info(alice.bearer);
    await info(platformHeaders(api.system, 'alice'));
    const key = await aPlatform(api, 'robot', ['SYSTEM']);
    await api.call('POST', '/auth/api/account/credential/check', { as: platformHeaders(key), body: key });
    await api.call('POST', `${ROOT}/login`, { as: alice.basic });
    expect(taken).toEqual(['user:alice', 'account:claviger', 'account:robot', 'address:127.0.0.1']);
  });

  test('of nobody are not counted, nor are those that everybody may make', async () => {
    await info({});
    await info(bearer('x'));
    await api.call('GET', '/health/live');
    await api.platform.lockUser(OPERATOR, { userId: 'alice', locked: true });
    await info(alice.bearer);
    expect(taken).toEqual([]);
  });
});
