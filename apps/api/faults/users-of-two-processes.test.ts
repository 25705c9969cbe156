import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TokenJson } from '@claviger/application';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { platformHeaders } from '../test/answer.js';
import { freshFolder, startApi, startFirst, type ApiProcess, type Setting } from '../test/api-process.js';
import { getFrom } from '../test/from-address.js';
import { basic, bearer, cookieFrom, PASSWORD } from '../test/known-user.js';

const ROOT = '/auth/api/user';
const FAILURES = 20;
/** Within this many milliseconds one process knows what another one counted, revoked or locked. */
const SOON = 1500;

let postgres: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const settings: readonly [string, () => Promise<Setting['env']>][] = [
  ['SQLite', async () => ({})],
  ['PostgreSQL', async () => ({ CLAVIGER_DATABASE_URL: (await postgres.freshDatabase()).url })],
];

describe.each(settings)('users of two API processes over one database on %s', (_name, databaseOf) => {
  let folder: ReturnType<typeof freshFolder>;
  let setting: Setting;
  let one: ApiProcess;
  let other: ApiProcess;
  let admin: Record<string, string>;

  beforeAll(async () => {
    folder = freshFolder();
    setting = { cwd: folder.cwd, env: (await databaseOf()) ?? {} };
    const first = await startFirst(setting);
    [one, admin] = [first, platformHeaders(first.system, 'admin')];
    other = await startApi(setting);
    await other.logged('ready');
  });
  afterAll(async () => {
    await Promise.all([one.stop(), other.stop()]);
    folder.remove();
  });

  const aUser = async (userId: string) => {
    const { status } = await one.call('POST', `${ROOT}/create`, { as: admin, body: { userId, password: PASSWORD } });
    expect(status).toBe(201);
  };
  const aToken = async (userId: string): Promise<TokenJson & { accessToken: string }> => {
    const as = { ...admin, 'x-bkrepo-uid': userId };
    const { body } = await one.call('POST', `${ROOT}/token/create`, { as, body: { name: 'x' } });
    return body.data as TokenJson & { accessToken: string };
  };
  const infoAt = async (api: ApiProcess, as: Record<string, string>) =>
    (await api.call('GET', `${ROOT}/info`, { as })).status;
  const fetchAt = (api: ApiProcess, from: string, userId: string, password: string) =>
    getFrom(from, `${api.address}${ROOT}/token/get`, basic(userId, password));

  test('a token that one revokes is refused there at once and at the other within a second', async () => {
    await aUser('alice');
    const { id, accessToken } = await aToken('alice');
    for (const api of [one, other]) expect(await infoAt(api, bearer(accessToken))).toBe(200);
    expect((await one.call('DELETE', `${ROOT}/token/${id}`, { as: admin })).status).toBe(200);
    const revoked = Date.now();
    expect(await infoAt(one, bearer(accessToken))).toBe(401);
    while ((await infoAt(other, bearer(accessToken))) !== 401) expect(Date.now() - revoked).toBeLessThan(1000);
  });

  test('a session that ends at one, and a user who is locked, are known at the other', async () => {
    await aUser('bob');
    const login = await one.call('POST', `${ROOT}/login`, { body: { userId: 'bob', password: PASSWORD } });
    const [cookie, { accessToken }] = [cookieFrom(login.headers), await aToken('bob')];
    expect(await infoAt(other, cookie)).toBe(200);
    await one.call('PUT', `${ROOT}/update`, { as: admin, body: { userId: 'bob', locked: true } });
    const locked = Date.now();
    expect(await infoAt(one, bearer(accessToken))).toBe(423);
    while ((await infoAt(other, bearer(accessToken))) !== 423) expect(Date.now() - locked).toBeLessThan(1000);
    await one.call('PUT', `${ROOT}/update`, { as: admin, body: { userId: 'bob', locked: false } });
    expect((await other.call('POST', `${ROOT}/logout`, { as: cookie })).status).toBe(200);
    expect(await infoAt(other, cookie)).toBe(401);
    const left = Date.now();
    while ((await infoAt(one, cookie)) !== 401) expect(Date.now() - left).toBeLessThan(1000);
  });

  test('twenty wrong passwords from one address make it wait, here, there and after a restart; not the user elsewhere', async () => {
    await aUser('carol');
    const [attacker, victim] = ['127.0.0.66', '127.0.0.7'];
    for (let i = 0; i < FAILURES; i++) expect((await fetchAt(one, attacker, 'carol', 'wrong')).status).toBe(401);

    const refused = await fetchAt(one, attacker, 'carol', PASSWORD);
    expect([refused.status, (JSON.parse(refused.text) as { code: number }).code]).toEqual([429, 250129]);
    const wait = Number(refused.headers['retry-after']);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.headers['ratelimit']).toBe(`"failures";r=0;t=${wait}`);
    expect(refused.headers['ratelimit-policy']).toBe(`"failures";q=${FAILURES};w=60`);

    const known = Date.now();
    while ((await fetchAt(other, attacker, 'carol', PASSWORD)).status !== 429)
      expect(Date.now() - known).toBeLessThan(SOON);
    for (const api of [one, other]) expect((await fetchAt(api, victim, 'carol', PASSWORD)).status).toBe(200);

    await other.stop();
    other = await startApi(setting);
    await other.logged('ready');
    expect((await fetchAt(other, attacker, 'carol', PASSWORD)).status).toBe(429);
    expect((await fetchAt(other, victim, 'carol', PASSWORD)).status).toBe(200);
  }, 60_000);
});

describe('requests of one caller', () => {
  test('are limited together over two processes, when somebody limits them', async () => {
    const folder = freshFolder();
    const env = { CLAVIGER_LIMITS_REQUESTS_PER_CALLER: '5' };
    const one = await startFirst({ cwd: folder.cwd, env });
    const other = await startApi({ cwd: folder.cwd, env });
    await other.logged('ready');
    const as = platformHeaders(one.system, 'admin');
    const left: unknown[] = [];
    for (const api of [one, other, one, other, one])
      left.push((await api.call('GET', `${ROOT}/info`, { as })).headers['ratelimit']);
    expect(left).toEqual([4, 3, 2, 1, 0].map((r) => expect.stringMatching(new RegExp(`^"requests";r=${r};t=\\d+$`))));
    const { status, headers } = await other.call('GET', `${ROOT}/info`, { as });
    expect([status, headers['ratelimit-policy']]).toEqual([429, '"requests";q=5;w=60']);
    expect(headers['retry-after']).toMatch(/^\d+$/);
    await Promise.all([one.stop(), other.stop()]);
    folder.remove();
  });
});
