import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CredentialJson } from '@claviger/application';
import { OPERATOR, type KeyPair } from '@claviger/domain';
import { NEW_YEAR } from '@claviger/testing';
import { platformHeaders } from '../../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { newTraceId } from '../trace-id.js';

const ROOT = '/auth/api/account/credential';
const HOUR = 3_600_000;

let api: ApiOverMemory;
let admin: Record<string, string>;
let old: KeyPair;

beforeAll(async () => {
  api = await apiOverMemory();
});
afterAll(() => api.app.close());
beforeEach(async () => {
  await api.renew();
  admin = platformHeaders(api.system, 'admin');
  const { keyPairs } = await api.platform.createAccount(OPERATOR, {
    appId: 'builds',
    authorizationGrantTypes: ['PLATFORM'],
  });
  const [pair] = keyPairs;
  if (!pair) throw new Error('The account has no key.');
  old = pair;
});

const dateOf = (ms: number) => new Date(ms).toISOString();
const call = (method: string, path: string, body?: unknown) =>
  api.call(method, `${ROOT}/builds/${old.accessKey}/${path}`, { as: admin, ...(body === undefined ? {} : { body }) });
const isGood = async ({ accessKey, secretKey }: Pick<CredentialJson, 'accessKey' | 'secretKey'>) =>
  (await api.call('POST', `${ROOT}/check`, { as: admin, body: { accessKey, secretKey } })).body.data;

describe('a rotation over HTTP', () => {
  test('answers with the new credential and its secret, which nobody keeps, and needs no body', async () => {
    const { status, headers, body } = await call('POST', 'rotate');
    const made = body.data as CredentialJson;
    expect([status, headers['cache-control']]).toEqual([201, 'no-store']);
    expect(made).toEqual({
      accessKey: expect.stringMatching(/^cak_\w{30}$/),
      secretKey: expect.stringMatching(/^csk_\w{49}$/),
      createdAt: dateOf(NEW_YEAR),
      status: 'ENABLE',
      authorizationGrantType: 'PLATFORM',
      expiresAt: null,
      lastUsedAt: null,
      lastUsedFrom: null,
      supersededBy: null,
    });
    expect([await isGood(old), await isGood(made)]).toMatchObject([{ valid: true }, { valid: true }]);
    const listed = await api.call('GET', `${ROOT}/list/builds`, { as: admin });
    expect(listed.body.data).toMatchObject([
      { supersededBy: made.accessKey, expiresAt: dateOf(NEW_YEAR + 24 * HOUR) },
      { supersededBy: null, expiresAt: null },
    ]);
    api.clock.advance(24 * HOUR);
    expect([await isGood(old), await isGood(made)]).toMatchObject([{ valid: false }, { valid: true }]);
  });

  test('takes an overlap, a way to retire and the end of the new one; null and unknown fields say nothing', async () => {
    const expiresAt = dateOf(NEW_YEAR + 9 * HOUR);
    const { body } = await call('POST', 'rotate', { overlap: HOUR, retire: 'after-idle', expiresAt, other: 1 });
    expect(body.data).toMatchObject({ expiresAt });
    expect((await call('GET', 'rotation')).body.data).toMatchObject({ overlap: HOUR, retire: 'after-idle' });
    await call('DELETE', 'rotation');
    await call('POST', 'rotate', { overlap: null, retire: null, expiresAt: null });
    expect((await call('GET', 'rotation')).body.data).toMatchObject({ overlap: 24 * HOUR, retire: 'at' });
  });

  test.each([
    [{ overlap: -1 }, 'overlap must be a whole number from 0 to 31536000000.'],
    [{ overlap: '1h' }, 'overlap must be a whole number from 0 to 31536000000.'],
    [{ retire: 'soon' }, 'retire must be one of at, after-idle, manual.'],
    [{ retire: 1 }, 'retire must be a string.'],
    [{ expiresAt: 'soon' }, 'expiresAt must be a time in ISO 8601, such as 2030-01-31T00:00:00Z, or never.'],
    [{ expiresAt: dateOf(NEW_YEAR) }, 'expiresAt must be in the future.'],
    [[], 'The request is malformed.'],
  ])('is refused with %j', async (body, message) => {
    const answer = await call('POST', 'rotate', body);
    expect([answer.status, answer.body.message]).toEqual([400, message]);
  });

  test('tells how it goes, as no secret key of that name could be asked for', async () => {
    const made = (await call('POST', 'rotate', { overlap: HOUR })).body.data as CredentialJson;
    api.clock.advance(60_000);
    await api.call('GET', '/auth/api/account/list', { as: platformHeaders(old) });
    const origin = { address: '192.0.2.9', traceId: newTraceId() };
    await api.platform.authenticate({ scheme: 'platform', ...old, userId: null }, origin);
    await api.platform.writeNotes();
    const { status, body } = await call('GET', 'rotation');
    expect([status, body.data]).toEqual([
      200,
      {
        accessKey: old.accessKey,
        supersededBy: made.accessKey,
        since: dateOf(NEW_YEAR),
        retire: 'at',
        overlap: HOUR,
        expiresAt: dateOf(NEW_YEAR + HOUR),
        lastUsedAt: dateOf(NEW_YEAR + 60_000),
        lastUsedFrom: '192.0.2.9',
        stillUsed: true,
      },
    ]);
  });

  test('is rolled back while the old one lives', async () => {
    const made = (await call('POST', 'rotate')).body.data as CredentialJson;
    expect((await call('DELETE', 'rotation')).body.data).toBe(true);
    expect([await isGood(old), await isGood(made)]).toMatchObject([{ valid: true }, { valid: false }]);
    expect((await call('GET', 'rotation')).body).toMatchObject({ code: 250256, data: null });
    await call('POST', 'rotate', { overlap: 0 });
    const late = await call('DELETE', 'rotation');
    expect([late.status, late.body.code]).toEqual([422, 250240]);
  });

  test('is refused for what is being rotated, and beyond so many live credentials', async () => {
    await call('POST', 'rotate');
    const again = await call('POST', 'rotate');
    expect([again.status, again.body.code]).toEqual([409, 250238]);
    await call('DELETE', 'rotation');
    for (let i = 0; i < 4; i++) await api.call('POST', `${ROOT}/builds/PLATFORM`, { as: admin });
    for (const answer of [await call('POST', 'rotate'), await api.call('POST', `${ROOT}/builds`, { as: admin })]) {
      expect([answer.status, answer.body.code]).toEqual([409, 250239]);
      expect(answer.body.message).toBe(
        'An account may have 5 live credentials of one grant type: delete or disable one first.',
      );
    }
  });
});

describe('the expiry of a new credential', () => {
  test.each(['/builds/PLATFORM', '/builds?type=PLATFORM', '/builds'])('may stand in a body: POST %s', async (path) => {
    const expiresAt = dateOf(NEW_YEAR + HOUR);
    const made = async (body: unknown) => {
      const answer = await api.call('POST', `${ROOT}${path}`, { as: admin, body });
      return [answer.status, [answer.body.data].flat()[0]];
    };
    expect(await made({ expiresAt })).toMatchObject([201, { expiresAt }]);
    for (const body of [{}, { expiresAt: null }, { expiresAt: 'never' }])
      expect(await made(body)).toMatchObject([201, { expiresAt: null }]);
    expect(await made({ expiresAt: 5 })).toMatchObject([400, null]);
  });
});
