import type { AccountJson, CredentialJson, TokenJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { tcpProxy } from '@claviger/testing';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { platformHeaders } from '../test/answer.js';
import { startApi, startFirst, type ApiProcess } from '../test/api-process.js';
import { freshSettings, onBothDatabases } from '../test/processes/settings.js';
import { openLedger } from './ledger.js';
import { report } from './report.js';
import { untilReady } from './until.js';
import { writeOn } from './writing-client.js';

/** Milliseconds in which a revocation is known everywhere. */
const BOUND = 1_000;
const ROUNDS = 3;
const PASSWORD = 'correct horse battery';

/** Something good that is about to be revoked. */
interface Good {
  /** How it is presented. */
  readonly as: Record<string, string>;
  /** How it is revoked: method, path, body. */
  readonly revoke: readonly [string, string, object?];
}

/** Each makes somebody good by a proof of their own, and says how that ends. */
const WAYS: Readonly<Record<string, (api: ApiProcess, as: Record<string, string>, name: string) => Promise<Good>>> = {
  'a key that is disabled': async (api, as, name) => {
    const key = await aKey(api, as, name);
    return {
      as: platformHeaders(key, 'admin'),
      revoke: ['PUT', `/account/credential/${name}/${key.accessKey}/DISABLE`],
    };
  },
  'a key that is deleted': async (api, as, name) => {
    const key = await aKey(api, as, name);
    await api.call('POST', `/auth/api/account/credential/${name}`, { as });
    return { as: platformHeaders(key, 'admin'), revoke: ['DELETE', `/account/credential/${name}/${key.accessKey}`] };
  },
  'a key whose account is locked': async (api, as, name) => ({
    as: platformHeaders(await aKey(api, as, name), 'admin'),
    revoke: ['PUT', '/account/update', { ...anAccount(name), locked: true }],
  }),
  'a key whose account is deleted': async (api, as, name) => ({
    as: platformHeaders(await aKey(api, as, name), 'admin'),
    revoke: ['DELETE', `/account/delete/${name}`],
  }),
  'a token that is revoked': async (api, as, name) => {
    const { id, bearer } = await aToken(api, as, name);
    return { as: bearer, revoke: ['DELETE', `/user/token/${id}`] };
  },
  'a token whose user is locked': async (api, as, name) => ({
    as: (await aToken(api, as, name)).bearer,
    revoke: ['PUT', '/user/update', { userId: name, locked: true }],
  }),
  'a token whose user is deleted': async (api, as, name) => ({
    as: (await aToken(api, as, name)).bearer,
    revoke: ['DELETE', `/user/delete/${name}`],
  }),
  'a session whose user has a new password': async (api, as, name) => {
    await aUser(api, as, name);
    const { headers } = await api.call('POST', '/auth/api/user/login', { body: { userId: name, password: PASSWORD } });
    const [cookie = ''] = String(headers['set-cookie']).split(';');
    return { as: { cookie }, revoke: ['PUT', `/user/password/${name}`, { password: `${PASSWORD} 2` }] };
  },
};

onBothDatabases((freshSetting, database) => {
  describe('what one process revokes', () => {
    test('is refused by another within a second, however it is revoked, while others write', async () => {
      const { cwd, env } = await freshSetting();
      // So many refusals in so short a time would be an attack.
      const setting = { cwd, env: { ...env, CLAVIGER_LIMITS_ENABLED: 'false' } };
      const one = await startFirst(setting);
      const other = await startApi(setting);
      await other.logged('ready');
      const { system } = one;
      const as = platformHeaders(system, 'admin');

      const ledger = openLedger();
      let isOver = false;
      const goOn = () => !isOver;
      const client = { name: 'others', ledger, system, call: one.call, goOn, isOver: () => isOver };
      const writing = writeOn(client).catch(() => undefined);
      const took: Record<string, number> = {};
      try {
        for (const [way, make] of Object.entries(WAYS)) {
          for (let round = 0; round < ROUNDS; round++) {
            const good = await make(one, as, `${way.replaceAll(' ', '-')}-${round}`);
            took[way] = Math.max(took[way] ?? 0, await propagationOf(good, one, other, as));
          }
        }
      } finally {
        isOver = true;
        await writing;
      }
      report(`revocation on ${database}`, { propagation: Math.round(Math.max(...Object.values(took))) });
      for (const [way, longest] of Object.entries(took)) expect([way, longest < BOUND]).toEqual([way, true]);
      expect(await Promise.all([one.stop(), other.stop()])).toEqual([0, 0]);
    }, 120_000);
  });
});

describe('a process that is cut off from its PostgreSQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());
  const freshSetting = freshSettings(async () => ({ CLAVIGER_DATABASE_URL: (await server.freshDatabase()).url }));

  test('accepts nothing a second later, and refuses what was revoked meanwhile as soon as it is back', async () => {
    const setting = await freshSetting();
    const one = await startFirst(setting);
    const url = new URL(setting.env['CLAVIGER_DATABASE_URL'] ?? '');
    const proxy = await tcpProxy({ host: url.hostname, port: Number(url.port || 5432) });
    url.host = `127.0.0.1:${proxy.port}`;
    const other = await startApi({ ...setting, env: { ...setting.env, CLAVIGER_DATABASE_URL: url.href } });
    await other.logged('ready');
    const as = platformHeaders(one.system, 'admin');
    const key = await aKey(one, as, 'cut-off');
    const infoAtOther = async () =>
      (await other.call('GET', '/auth/api/user/info', { as: platformHeaders(key, 'admin') })).status;
    expect(await infoAtOther()).toBe(200);

    await proxy.cut();
    const cut = performance.now();
    await one.call('PUT', `/auth/api/account/credential/cut-off/${key.accessKey}/DISABLE`, { as });
    let lastAccepted = 0;
    while (performance.now() - cut < 2 * BOUND) {
      const began = performance.now() - cut;
      const status = await infoAtOther();
      if (status === 200) lastAccepted = began;
      else expect(status).toBe(503);
    }
    report('cut off from PostgreSQL', { propagation: Math.round(lastAccepted) });
    expect(lastAccepted).toBeLessThan(BOUND);

    await proxy.listen();
    await untilReady(other.call);
    expect(await infoAtOther()).toBe(401);
    expect(await Promise.all([one.stop(), other.stop()])).toEqual([0, 0]);
    await proxy.cut();
  }, 60_000);
});

/** Milliseconds from the answer that it is revoked to the first refusal; from then on it is refused for ever. */
async function propagationOf(
  { as: proof, revoke: [method, path, body] }: Good,
  one: ApiProcess,
  other: ApiProcess,
  as: Record<string, string>,
): Promise<number> {
  const statusAt = async (api: ApiProcess) => (await api.call('GET', '/auth/api/user/info', { as: proof })).status;
  // Kept by both, if anything is.
  for (let i = 0; i < 3; i++) expect([await statusAt(one), await statusAt(other)]).toEqual([200, 200]);
  const { status } = await one.call(method, `/auth/api${path}`, { as, ...(body ? { body } : {}) });
  const revoked = performance.now();
  expect(status).toBe(200);
  const asked = [statusAt(one), statusAt(other)] as const;
  expect([401, 423]).toContain(await asked[0]);
  let last = await asked[1];
  while (last === 200 && performance.now() - revoked < 10 * BOUND) last = await statusAt(other);
  const took = performance.now() - revoked;
  expect([401, 423]).toContain(last);
  for (let i = 0; i < 10; i++) expect([401, 423]).toContain(await statusAt(other));
  return took;
}

function anAccount(appId: string) {
  return { appId, authorizationGrantTypes: ['PLATFORM'], scope: ['SYSTEM'] };
}

async function aKey(api: ApiProcess, as: Record<string, string>, appId: string): Promise<KeyPair> {
  const { body } = await api.call('POST', '/auth/api/account/create', { as, body: anAccount(appId) });
  const [key] = (body.data as AccountJson).credentials as readonly (CredentialJson & KeyPair)[];
  if (!key) throw new Error('The account has no key.');
  return key;
}

async function aUser(api: ApiProcess, as: Record<string, string>, userId: string): Promise<void> {
  const { status } = await api.call('POST', '/auth/api/user/create', { as, body: { userId, password: PASSWORD } });
  expect(status).toBe(201);
}

async function aToken(api: ApiProcess, as: Record<string, string>, userId: string) {
  await aUser(api, as, userId);
  const own = { ...as, 'x-bkrepo-uid': userId };
  const { body } = await api.call('POST', '/auth/api/user/token/create', { as: own, body: { name: 'x' } });
  const { id, accessToken } = body.data as TokenJson;
  return { id, bearer: { authorization: `Bearer ${accessToken}` } };
}
