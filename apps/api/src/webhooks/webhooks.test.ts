import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveryJson, WebhookJson } from '@claviger/application';
import { MAX_WEBHOOKS, OPERATOR } from '@claviger/domain';
import { NEW_YEAR, REFUSED } from '@claviger/testing';
import { platformHeaders } from '../../test/answer.js';
import { aPlatform, apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';

const ROOT = '/auth/api/webhook';
const URL = 'https://hooks.example/claviger';
const HOUR = 3_600_000;
const SECRET = /^whsec_/;

let api: ApiOverMemory;
let admin: Record<string, string>;

beforeAll(async () => {
  api = await apiOverMemory();
});
beforeEach(async () => {
  await api.renew();
  admin = platformHeaders(api.system, 'admin');
  await aPlatform(api, 'shop');
});
afterAll(() => api.app.close());

const call = (method: string, path: string, body?: unknown) =>
  api.call(method, `${ROOT}${path}`, { as: admin, ...(body === undefined ? {} : { body }) });

async function register(given: object = {}): Promise<WebhookJson & { readonly secret: string }> {
  const { status, body } = await call('POST', '/create', { appId: 'shop', url: URL, ...given });
  if (status !== 201) throw new Error(`${status} ${body.message}`);
  return body.data as WebhookJson & { readonly secret: string };
}

const withoutSecret = ({ secret, ...webhook }: WebhookJson): WebhookJson => {
  expect(secret).toMatch(SECRET);
  return webhook;
};

/** Everything that has happened is tried to be delivered, once. */
async function deliver(id: string, retryFor = HOUR): Promise<void> {
  await api.platform.publishEvents();
  await api.platform.deliverEvents({ webhookId: id }, { retryFor, isEnding: () => false });
}

async function deliveries(id: string, query = ''): Promise<readonly DeliveryJson[]> {
  return (await call('GET', `/delivery/list/${id}${query}`)).body.data as readonly DeliveryJson[];
}

describe('a webhook', () => {
  test('is registered for an account, with its secret in that answer', async () => {
    const body = { appId: 'SHOP', url: URL, events: ['credential.rotated', 'account.locked'], description: 'On duty' };
    const { status, headers, body: answer } = await call('POST', '/create', body);
    const at = new Date(NEW_YEAR).toISOString();
    expect([status, headers['cache-control'], answer.data]).toEqual([
      201,
      'no-store',
      {
        id: expect.any(String),
        appId: 'shop',
        url: URL,
        events: ['account.locked', 'credential.rotated'],
        description: 'On duty',
        enabled: true,
        secret: expect.stringMatching(SECRET),
        failures: 0,
        restsUntil: null,
        createdAt: at,
        lastModifiedAt: at,
      },
    ]);
  });

  test('is registered for everybody’s events when no appId is given', async () => {
    for (const appId of [undefined, null])
      expect(await register({ appId })).toMatchObject({ appId: null, events: [], description: null });
  });

  test.each([
    [{ url: undefined }, 'url is required.'],
    [{ url: 7 }, 'url must be a string.'],
    [{ url: 'ftp://x' }, 'url must be an absolute http or https address without user name or password.'],
    [{ appId: 'a/b' }, 'appId must have 1 to 64 letters'],
    [{ events: 'account.locked' }, 'events must be a list of strings.'],
    [{ events: ['caller.refused'] }, 'events must be names of events, such as credential.expiring.'],
    [{ enabled: 'yes' }, 'enabled must be true or false.'],
    [{ description: 'x'.repeat(1025) }, 'description must have at most 1024 characters.'],
  ])('is refused with %j', async (wrong, message) => {
    const { status, body } = await call('POST', '/create', { appId: 'shop', url: URL, ...wrong });
    expect([status, body.code]).toEqual([400, 250105]);
    expect(body.message).toContain(message);
  });

  test('is one too many at some time', async () => {
    for (let i = 0; i < MAX_WEBHOOKS; i++) await register();
    const { status, body } = await call('POST', '/create', { appId: 'shop', url: URL });
    expect([status, body.code]).toEqual([409, 250241]);
    await register({ appId: undefined });
  });

  test('is shown and listed without its secret', async () => {
    const shown = withoutSecret(await register());
    const global = withoutSecret(await register({ appId: undefined }));
    expect((await call('GET', `/detail/${shown.id}`)).body.data).toEqual(shown);
    expect((await call('GET', '/list?appId=Shop')).body.data).toEqual([shown]);
    expect((await call('GET', '/list')).body.data).toEqual([shown, global]);
    expect((await call('GET', '/list?appId=claviger')).body.data).toEqual([]);
  });

  test('is amended in what is given, and stays as it is in what is left out or null', async () => {
    const before = withoutSecret(await register({ events: ['account.locked'], description: 'On duty' }));
    const update = async (body: object) => (await call('PUT', `/update/${before.id}`, body)).body.data;
    expect(await update({ enabled: false, url: null, events: null, description: null })).toEqual({
      ...before,
      enabled: false,
    });
    expect(await update({ url: `${URL}/2`, events: [], description: '' })).toEqual({
      ...before,
      enabled: false,
      url: `${URL}/2`,
      events: [],
      description: null,
    });
  });

  test('is not there any more once it is deleted', async () => {
    const { id } = await register();
    expect((await call('DELETE', `/delete/${id}`)).body.data).toBe(true);
    for (const [method, path] of [
      ['GET', `/detail/${id}`],
      ['DELETE', `/delete/${id}`],
      ['GET', `/delivery/list/${id}`],
    ] as const) {
      const { status, body } = await call(method, path);
      expect([status, body.code]).toEqual([404, 250257]);
    }
  });

  test('gets a new secret, told in that answer, and is signed for with both', async () => {
    const { id, secret } = await register();
    const { status, headers, body } = await call('POST', `/secret/${id}/rotate`);
    const renewed = body.data as WebhookJson;
    expect([status, headers['cache-control'], renewed.secret]).toEqual([
      200,
      'no-store',
      expect.stringMatching(SECRET),
    ]);
    expect(renewed.secret).not.toBe(secret);
    await call('POST', `/test/${id}`);
    expect(api.messenger.sent.map(({ secrets }) => secrets)).toEqual([[renewed.secret, secret]]);
  });

  test('is tested with one message, and what becomes of that is the answer', async () => {
    const { id } = await register({ enabled: false });
    const { status, body } = await call('POST', `/test/${id}`);
    expect([status, body.data]).toEqual([200, { delivered: true, result: '204' }]);
    expect(JSON.parse(api.messenger.sent[0]?.body ?? '')).toMatchObject({ type: 'webhook.test' });
    api.messenger.answer(URL, REFUSED);
    expect((await call('POST', `/test/${id}`)).body.data).toEqual({ delivered: false, result: '503' });
  });

  test('is served with /ms before it', async () => {
    const { id } = await register();
    const { status } = await api.call('GET', `/ms${ROOT}/detail/${id}`, { as: admin });
    expect(status).toBe(200);
  });
});

describe('the deliveries to a webhook', () => {
  test('tell what was sent, the newest event first', async () => {
    const { id } = await register();
    await api.platform.lockAccount(OPERATOR, { appId: 'shop', locked: true });
    await deliver(id);
    expect(await deliveries(id)).toEqual(
      ['account.locked', 'account.opened'].map((type) => ({
        eventId: expect.stringMatching(/^evt_\d+$/),
        type,
        status: 'delivered',
        attempts: 1,
        nextAttemptAt: null,
        lastAttemptAt: new Date(NEW_YEAR).toISOString(),
        lastResult: '204',
      })),
    );
  });

  test('are walked through page by page along their links', async () => {
    const { id } = await register();
    for (const locked of [true, false, true]) await api.platform.lockAccount(OPERATOR, { appId: 'shop', locked });
    await deliver(id);
    const seen: number[] = [];
    for (let path: string | null = `/delivery/list/${id}?status=delivered&limit=3`; path !== null;) {
      const { headers, body } = await call('GET', path);
      seen.push((body.data as unknown[]).length);
      const [, next] = /^<(.*)>; rel="next"$/.exec(String(headers['link'])) ?? [];
      path = next?.slice(ROOT.length) ?? null;
    }
    expect(seen).toEqual([3, 1]);
  });

  test('are sent again: all that are dead, or any one by its name', async () => {
    const { id } = await register();
    api.messenger.answer(URL, REFUSED);
    await deliver(id, 0);
    const [dead] = await deliveries(id, '?status=dead');
    expect(dead).toMatchObject({ type: 'account.opened', lastResult: '503', nextAttemptAt: null });
    expect((await call('POST', `/delivery/replay/${id}`)).body.data).toBe(1);
    expect(await deliveries(id, '?status=dead')).toEqual([]);
    expect(await deliveries(id, '?status=waiting')).toMatchObject([{ eventId: dead?.eventId, attempts: 0 }]);
    expect((await call('POST', `/delivery/replay/${id}/${dead?.eventId}`)).body.data).toBe(1);
    expect((await call('POST', `/delivery/replay/${id}`)).body.data).toBe(0);
  });

  test.each([
    ['status=lost', 'status must be one of waiting, delivered, dead.'],
    ['limit=0', 'limit must be a whole number from 1 to 1000.'],
    ['cursor=41', 'cursor must be the cursor of an earlier answer.'],
    ['limit=1&limit=2', 'limit must not be given twice.'],
  ])('are not listed with %s', async (query, message) => {
    const { id } = await register();
    const { status, body } = await call('GET', `/delivery/list/${id}?${query}`);
    expect([status, body.message]).toEqual([400, message]);
  });

  test.each(['evt_999', 'x', '%00', 'evt_999999999999999999999'])('of which there is no %s', async (eventId) => {
    const { id } = await register();
    const { status, body } = await call('POST', `/delivery/replay/${id}/${eventId}`);
    expect([status, body.code]).toEqual([404, 250258]);
  });
});
