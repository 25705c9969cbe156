import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditJson, AuditVerdict } from '@claviger/application';
import { chainedText, CHAIN_START, OPERATOR, type AuditRecord } from '@claviger/domain';
import { NEW_YEAR } from '@claviger/testing';
import { platformHeaders } from '../../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { aUser } from '../../test/known-user.js';

const ROOT = '/auth/api/audit';
const SECOND = 1000;

let api: ApiOverMemory;
let admin: Record<string, string>;

beforeAll(async () => {
  api = await apiOverMemory({ 'http.publicUrl': 'https://keys.example' });
});
beforeEach(async () => {
  await api.renew();
  admin = platformHeaders(api.system, 'admin');
  api.clock.advance(SECOND);
});
afterAll(() => api.app.close());

const open = async (appId: string) => {
  const body = { appId, authorizationGrantTypes: ['PLATFORM'] };
  const { status } = await api.call('POST', '/auth/api/account/create', { as: admin, body });
  expect(status).toBe(201);
};
const get = (path: string) => api.call('GET', `${ROOT}${path}`, { as: admin });

async function list(query = ''): Promise<readonly AuditJson[]> {
  const { status, body } = await get(`/list${query}`);
  if (status !== 200) throw new Error(`${query}: ${status} ${body.message}`);
  return body.data as readonly AuditJson[];
}

const subjectsOf = (records: readonly AuditJson[]) => records.map(({ name, subject }) => `${name} ${subject.name}`);

describe('the list of what was done', () => {
  test('tells who did what to what, from where, by which request, and what it was before', async () => {
    await open('shop');
    const body = { appId: 'shop', authorizationGrantTypes: ['PLATFORM'], description: 'Sells shoes' };
    const { body: amended } = await api.call('PUT', '/auth/api/account/update', { as: admin, body });
    const [newest] = await list();
    expect(newest).toEqual({
      id: expect.stringMatching(/^\d+$/),
      name: 'account.amended',
      at: new Date(NEW_YEAR + SECOND).toISOString(),
      by: { kind: 'user', userId: 'admin', appId: 'claviger', address: '127.0.0.1', traceId: amended.traceId },
      subject: { kind: 'account', id: expect.any(String), name: 'shop' },
      before: expect.objectContaining({ description: null }),
      after: expect.objectContaining({ description: 'Sells shoes' }),
      details: {},
      seal: null,
    });
  });

  test('has the newest first, and all of them when no limit is given', async () => {
    for (const appId of ['a', 'b', 'c']) await open(appId);
    expect(subjectsOf(await list()).slice(0, 3)).toEqual(['account.opened c', 'account.opened b', 'account.opened a']);
    expect(await list('?limit=2')).toHaveLength(2);
  });

  test('is walked through page by page along its links, which keep the question', async () => {
    for (const appId of ['a', 'b', 'c']) await open(appId);
    const seen: string[][] = [];
    for (let path: string | null = '/list?name=account&limit=2&other=1'; path !== null;) {
      const { headers, body } = await get(path);
      expect(headers['x-total-count']).toBeUndefined();
      seen.push((body.data as AuditJson[]).map(({ subject }) => subject.name));
      const [, next] = /^<(.*)>; rel="next"$/.exec(String(headers['link'])) ?? [];
      if (next)
        expect(next).toMatch(/^https:\/\/keys\.example\/auth\/api\/audit\/list\?name=account&limit=2&cursor=\d+$/);
      path = next?.slice(`https://keys.example${ROOT}`.length) ?? null;
    }
    expect(seen).toEqual([
      ['c', 'b'],
      ['a', 'claviger'],
    ]);
  });

  test('is narrowed by each filter', async () => {
    await open('shop');
    const alice = await aUser(api, 'alice');
    api.clock.advance(SECOND);
    const { body: made } = await api.call('POST', '/auth/api/user/token/create', {
      as: alice.bearer,
      body: { name: 'laptop' },
    });
    const found = async (query: string) => subjectsOf(await list(`?${query}`));
    expect(await found('name=account.opened&subject=shop')).toEqual(['account.opened shop']);
    expect(await found('app=claviger')).toEqual(['account.opened shop']);
    expect(await found(`traceId=${made.traceId}`)).toEqual([expect.stringMatching(/^token\.issued /)]);
    expect(await found('user=alice&since=2026-01-01T00:00:02Z')).toHaveLength(1);
    expect(await found('user=alice&until=2026-01-01T00:00:02Z')).toHaveLength(1);
    expect(await found('address=127.0.0.1&name=token')).toHaveLength(1);
    expect(await found('address=192.0.2.1')).toEqual([]);
    expect(await found('name=tok')).toEqual([]);
  });

  test.each([
    ['limit=0', 'limit must be a whole number from 1 to 1000.'],
    ['limit=x', 'limit must be a whole number from 1 to 1000.'],
    ['cursor=x', 'cursor must be the cursor of an earlier answer.'],
    ['since=now', 'since must be a time in ISO 8601, such as 2030-01-31T00:00:00Z.'],
    ['user=a&user=b', 'user must not be given twice.'],
    ['subject=%00', 'subject must not contain NUL or broken characters.'],
  ])('is refused with %s', async (query, message) => {
    const { status, body } = await get(`/list?${query}`);
    expect([status, body.message]).toEqual([400, message]);
  });

  test('is served with /ms before it', async () => {
    const { status, body } = await api.call('GET', `/ms${ROOT}/list?limit=1`, { as: admin });
    expect([status, body.data]).toEqual([200, await list('?limit=1')]);
  });
});

describe('the verdict', () => {
  const verify = async (query = '') => (await get(`/verify${query}`)).body.data as AuditVerdict;

  test('tells that the chain is intact, how far it reaches and what is not sealed yet', async () => {
    await open('shop');
    await api.platform.sealAudit();
    await open('late');
    const { last, verified, ...verdict } = await verify();
    expect(verdict).toEqual({ intact: true, broken: null, unsealed: 1, prunedThrough: null });
    expect(last).toEqual({ number: verified, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('is about an earlier end of the chain, too', async () => {
    await open('shop');
    await api.platform.sealAudit();
    const { last } = await verify();
    if (!last) throw new Error('Nothing is sealed.');
    await open('late');
    await api.platform.sealAudit();
    expect(await verify(`?number=${last.number}&hash=${last.hash.toUpperCase()}`)).toMatchObject({ intact: true });
    expect(await verify(`?number=${last.number}&hash=${'0'.repeat(64)}`)).toMatchObject({
      intact: false,
      broken: { number: last.number, because: 'other_chain' },
    });
    expect(await verify(`?number=9999&hash=${last.hash}`)).toMatchObject({ broken: { because: 'missing' } });
  });

  test.each([
    ['number=1', 'hash is required.'],
    ['hash=00', 'number is required.'],
    ['number=x&hash=00', 'number must be a whole number from 1 to 999999999999999.'],
    ['number=0&hash=00', 'number must be a whole number from 1 to 999999999999999.'],
    ['number=1&number=2&hash=00', 'number must not be given twice.'],
  ])('is refused with %s', async (query, message) => {
    const { status, body } = await get(`/verify?${query}`);
    expect([status, body.message]).toEqual([400, message]);
  });
});

describe('the export', () => {
  test('is a line for each record in the order of the chain, and then what is not sealed', async () => {
    for (const appId of ['a', 'b']) await open(appId);
    await api.platform.sealAudit();
    await open('late');
    const { status, headers, text } = await get('/export');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'application/x-ndjson',
      'no-store',
    ]);
    expect(text.endsWith('\n')).toBe(true);
    const lines = text.trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as AuditJson)).toEqual((await list()).toReversed());
    expect(lines.at(-1)).toContain('"late"');
  });

  test('is all that it takes to check the chain', async () => {
    await open('a');
    await api.platform.sealAudit();
    let previous = CHAIN_START;
    for (const line of (await get('/export')).text.trimEnd().split('\n')) {
      const { id, at, before, after, seal, ...rest } = JSON.parse(line) as AuditJson;
      const record = { ...rest, id: Number(id), at: Date.parse(at), changes: { before, after } } as AuditRecord;
      const text = chainedText(previous, seal?.number ?? 0, record);
      expect(seal?.hash).toBe(createHash('sha256').update(text).digest('hex'));
      previous = seal?.hash ?? '';
    }
  });

  test('says nothing of secrets', async () => {
    const { keyPairs } = await api.platform.createAccount(OPERATOR, {
      appId: 'shop',
      authorizationGrantTypes: ['PLATFORM'],
    });
    const { secret } = await api.platform.registerWebhook(OPERATOR, { url: 'https://hooks.example/' });
    const { token } = await aUser(api, 'alice');
    const { text } = await get('/export');
    expect(text).toContain('shop');
    for (const hidden of [keyPairs[0]?.secretKey ?? '', api.system.secretKey, secret, token, api.password])
      expect(text).not.toContain(hidden);
  });
});
