import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR, parseUserId } from '@claviger/domain';
import { anAuthorization, anAuthorizationEvent, NEW_YEAR } from '@claviger/testing';
import { platformHeaders } from '../../test/answer.js';
import { aPlatform, apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';

const ROOT = '/auth/api/account';

let api: ApiOverMemory;
let admin: Record<string, string>;

beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(async () => {
  await api.renew();
  admin = platformHeaders(api.system, 'admin');
});
afterAll(() => api.app.close());

const open = (appId: string, owner = 'admin', more: object = {}) =>
  api.platform.createAccount(OPERATOR, { appId, authorizationGrantTypes: ['PLATFORM'], ...more }, owner);

async function list(path: string, as = admin): Promise<{ appIds: string[]; total: unknown; next: string | null }> {
  const { status, headers, body } = await api.call('GET', path, { as });
  if (status !== 200) throw new Error(`${path}: ${status} ${body.message}`);
  const link = headers['link'];
  const next = typeof link === 'string' ? (/^<([^>]+)>; rel="next"$/.exec(link)?.[1] ?? null) : null;
  const appIds = (body.data as { appId: string }[]).map(({ appId }) => appId);
  return { appIds, total: headers['x-total-count'], next };
}

describe('a list', () => {
  test('has all accounts in order of creation when no limit is given', async () => {
    for (const appId of ['c', 'a', 'b']) await open(appId);
    expect(await list(`${ROOT}/list`)).toEqual({ appIds: ['claviger', 'c', 'a', 'b'], total: '4', next: null });
  });

  test('is a whole JSON text whatever its length', async () => {
    for (let i = 0; i < 600; i++) await open(`app-${i}`, 'admin', { description: `"é${'x'.repeat(100)}\n` });
    const { appIds, total } = await list(`${ROOT}/list`);
    expect([appIds.length, total, new Set(appIds).size]).toEqual([601, '601', 601]);
  });

  test('is walked through page by page along its links', async () => {
    for (const appId of ['c', 'a', 'b', 'd']) await open(appId);
    const seen: string[][] = [];
    for (let url: string | null = `${ROOT}/list?limit=2`; url !== null;) {
      const page = await list(url);
      expect(page.total).toBe('5');
      seen.push(page.appIds);
      url = page.next;
    }
    expect(seen).toEqual([['claviger', 'c'], ['a', 'b'], ['d']]);
  });

  test('has no next page when this one ends exactly at the end', async () => {
    await open('a');
    expect(await list(`${ROOT}/list?limit=2`)).toMatchObject({ appIds: ['claviger', 'a'], next: null });
  });

  test('keeps its question in its links, and nothing else', async () => {
    for (const appId of ['one & two', 'x']) await open(appId.slice(0, 1), 'alice', { description: 'one & two' });
    const { next } = await list(`/ms${ROOT}/list?limit=1&q=${encodeURIComponent('one & t')}&owner=alice&other=1`);
    const url = new URL(next ?? '', 'http://host');
    expect(url.pathname).toBe(`/ms${ROOT}/list`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      limit: '1',
      q: 'one & t',
      owner: 'alice',
      cursor: expect.any(String),
    });
  });

  test('links to where clients reach the API, when that is configured', async () => {
    const behindProxy = await apiOverMemory({ 'http.publicUrl': 'https://keys.example/claviger' });
    await aPlatform(behindProxy, 'second');
    const as = platformHeaders(behindProxy.system, 'admin');
    const { headers } = await behindProxy.call('GET', `${ROOT}/list?limit=1`, { as });
    expect(headers['link']).toMatch(/^<https:\/\/keys\.example\/claviger\/auth\/api\/account\/list\?limit=1&cursor=/);
    await behindProxy.app.close();
  });

  test('is narrowed by each filter', async () => {
    const web = { homepageUrl: 'http://localhost', redirectUri: 'http://localhost/', scope: ['NODE'] };
    await open('web', 'alice', { authorizationGrantTypes: ['AUTHORIZATION_CODE'], ...web });
    await open('robot', 'bob', { description: 'cleans the WEB', locked: true });
    const found = async (query: string) => (await list(`${ROOT}/list?${query}`)).appIds;
    expect(await found('owner=alice')).toEqual(['web']);
    expect(await found('locked=true')).toEqual(['robot']);
    expect(await found('locked=false')).toEqual(['claviger', 'web']);
    expect(await found('grantType=AUTHORIZATION_CODE')).toEqual(['web']);
    expect(await found('scope=SYSTEM')).toEqual(['claviger']);
    expect(await found('q=Web')).toEqual(['web', 'robot']);
    expect(await found('q=Web&owner=bob')).toEqual(['robot']);
    expect(await found('q=%25')).toEqual([]);
  });

  test('is narrowed by what has a credential that expires soon, is not used any more, or never was', async () => {
    const expiresAt = new Date(NEW_YEAR + 60_000).toISOString();
    await open('ends', 'alice');
    await api.platform.createCredential(OPERATOR, { appId: 'ends', type: 'PLATFORM', expiresAt });
    const found = async (query: string) => (await list(`${ROOT}/list?${query}`)).appIds;
    expect(await found('expiringWithin=60000')).toEqual(['ends']);
    expect(await found('expiringWithin=59999')).toEqual([]);
    api.clock.advance(60_000);
    await found('limit=1');
    await api.platform.writeNotes();
    expect(await found('neverUsed=true')).toEqual(['ends']);
    expect(await found('neverUsed=false')).toEqual(['claviger']);
    expect(await found(`unusedSince=${expiresAt}`)).toEqual(['ends']);
    const { next } = await list(`${ROOT}/list?limit=1&unusedSince=2026-01-02T00%3A00%2B01%3A00`);
    expect(new URL(next ?? '', 'http://host').searchParams.get('unusedSince')).toBe('2026-01-02T00:00+01:00');
    for (const [query, message] of [
      ['expiringWithin=1d', 'expiringWithin must be a whole number from 0 to 3153600000000.'],
      ['neverUsed=1', 'neverUsed must be true or false.'],
      ['unusedSince=now', 'unusedSince must be a time in ISO 8601, such as 2030-01-31T00:00:00Z.'],
    ])
      expect((await api.call('GET', `${ROOT}/list?${query}`, { as: admin })).body.message).toBe(message);
  });

  test('of one’s own has nobody else’s, whatever owner is asked for', async () => {
    await open('hers', 'alice');
    await open('his', 'bob');
    const alice = platformHeaders(api.system, 'alice');
    expect(await list(`${ROOT}/own/list`, alice)).toMatchObject({ appIds: ['hers'], total: '1' });
    expect(await list(`${ROOT}/own/list?owner=bob`, alice)).toMatchObject({ appIds: ['hers'] });
  });

  test('of what one authorized shows no credentials', async () => {
    const { account } = await open('theirs', 'bob');
    const authorization = anAuthorization({ userId: parseUserId('alice'), accountId: account.id });
    await api.database.unitOfWork.run(({ authorizations }) =>
      authorizations.put(authorization, anAuthorizationEvent()),
    );
    const alice = platformHeaders(api.system, 'alice');
    const { body } = await api.call('GET', `${ROOT}/authorized/list`, { as: alice });
    expect(body.data).toMatchObject([{ appId: 'theirs', owner: 'bob', credentials: [] }]);
    expect((await list(`${ROOT}/authorized/list`)).appIds).toEqual([]);
  });
});

describe('an update that asks for the account', () => {
  const statement = {
    appId: 'shop',
    authorizationGrantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
    homepageUrl: 'http://localhost',
    redirectUri: 'http://localhost/',
    scope: ['NODE'],
  };
  const update = (prefer: string) =>
    api.call('PUT', `${ROOT}/update`, { as: admin, headers: { prefer }, body: statement });

  test.each(['return=representation', 'respond-async, Return = "representation"; x=y'])(
    'is told what became of it, with the secrets that this update made and no others: Prefer: %s',
    async (prefer) => {
      await open('shop');
      const { status, headers, body } = await update(prefer);
      expect([status, headers['preference-applied']]).toEqual([200, 'return=representation']);
      expect(body.data).toMatchObject({
        appId: 'shop',
        scope: ['NODE'],
        credentials: [
          { authorizationGrantType: 'PLATFORM', secretKey: expect.stringMatching(/\*{5}$/) },
          { authorizationGrantType: 'AUTHORIZATION_CODE', secretKey: expect.stringMatching(/^csk_\w{49}$/) },
        ],
      });
    },
  );

  test.each(['return=minimal', 'xreturn=representation', 'return=representations', ''])(
    'is told true otherwise: Prefer: %s',
    async (prefer) => {
      await open('shop');
      const { headers, body } = await update(prefer);
      expect([body.data, headers['preference-applied']]).toEqual([true, undefined]);
    },
  );
});
