import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditJson, WebhookJson } from '@claviger/application';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { platformHeaders } from '../test/answer.js';
import { freshFolder, killAll, startApi, startFirst, type ApiProcess, type Setting } from '../test/api-process.js';
import { startUpstream, type Upstream } from '../test/upstream.js';

const AUDIT = '/auth/api/audit';
const WEBHOOK = '/auth/api/webhook';

let postgres: TestServer;
let receiver: Upstream;
beforeAll(async () => {
  [postgres, receiver] = await Promise.all([startPostgres(), startUpstream()]);
});
afterAll(() => Promise.all([postgres.stop(), receiver.close()]));

const settings: readonly [string, () => Promise<Setting['env']>][] = [
  ['SQLite', async () => ({})],
  ['PostgreSQL', async () => ({ CLAVIGER_DATABASE_URL: (await postgres.freshDatabase()).url })],
];

describe.each(settings)('audit and webhooks of two API processes over one database on %s', (_name, databaseOf) => {
  let folder: ReturnType<typeof freshFolder>;
  let one: ApiProcess;
  let other: ApiProcess;
  let admin: Record<string, string>;

  beforeAll(async () => {
    folder = freshFolder();
    const env = { ...(await databaseOf()), CLAVIGER_WEBHOOKS_ALLOW_PRIVATE_ADDRESSES: 'true' };
    const setting = { cwd: folder.cwd, env };
    const first = await startFirst(setting);
    [one, admin] = [first, platformHeaders(first.system, 'admin')];
    other = await startApi(setting);
    await other.logged('ready');
  });
  afterAll(async () => {
    await killAll();
    folder.remove();
  });

  const open = async (appId: string) => {
    const { body } = await one.call('POST', '/auth/api/account/create', {
      as: admin,
      body: { appId, authorizationGrantTypes: ['PLATFORM'] },
    });
    expect(body.code).toBe(0);
    return body;
  };
  const register = async (appId: string): Promise<Required<WebhookJson>> => {
    const body = { appId, url: `${receiver.url}/hook`, events: ['account.locked'] };
    const { status, body: answer } = await one.call('POST', `${WEBHOOK}/create`, { as: admin, body });
    expect(status).toBe(201);
    return answer.data as Required<WebhookJson>;
  };
  const listed = async (query: string) =>
    (await other.call('GET', `${AUDIT}/list?${query}`, { as: admin })).body.data as readonly AuditJson[];

  test('what one of them did the other one tells, by the trace id of that answer', async () => {
    const { traceId } = await open('told');
    const [record, ...more] = await listed(`traceId=${traceId}&name=account`);
    expect(more).toEqual([]);
    expect(record).toMatchObject({
      name: 'account.opened',
      subject: { kind: 'account', name: 'told' },
      by: { kind: 'user', userId: 'admin', appId: 'claviger', address: '127.0.0.1', traceId },
      before: null,
    });
  });

  test('the record of what was done is whole, page by page and line by line', async () => {
    for (const appId of ['a', 'b', 'c']) await open(appId);
    const all = await listed('');
    const paged: AuditJson[] = [];
    for (let path: string | null = `${AUDIT}/list?limit=2`; path !== null;) {
      const { headers, body } = await other.call('GET', path, { as: admin });
      paged.push(...(body.data as AuditJson[]));
      path = /^<(.*)>; rel="next"$/.exec(String(headers['link'] ?? ''))?.[1] ?? null;
    }
    expect(paged).toEqual(all);
    const { text: lines } = await other.call('GET', `${AUDIT}/export`, { as: admin });
    const exported = lines.trimEnd().split('\n');
    expect(exported.map((line) => JSON.parse(line) as AuditJson)).toEqual(all.toReversed());
    const verdict = await other.call('GET', `${AUDIT}/verify`, { as: admin });
    // No worker runs here that would seal them.
    expect(verdict.body.data).toMatchObject({ intact: true, verified: 0, unsealed: all.length });
  });

  test('a webhook that one of them registered the other one tests, signed with both of its secrets', async () => {
    await open('shop');
    const { secret: former, ...webhook } = await register('shop');
    expect((await other.call('GET', `${WEBHOOK}/detail/${webhook.id}`, { as: admin })).body.data).toEqual(webhook);
    const rotated = await other.call('POST', `${WEBHOOK}/secret/${webhook.id}/rotate`, { as: admin });
    const { secret } = rotated.body.data as Required<WebhookJson>;
    let sent = '';
    receiver.answer((request, response) => {
      request.setEncoding('utf8').on('data', (chunk: string) => (sent += chunk));
      request.on('end', () => response.writeHead(204).end());
    });
    const { body } = await one.call('POST', `${WEBHOOK}/test/${webhook.id}`, { as: admin });
    expect(body.data).toEqual({ delivered: true, result: '204' });
    const { headers } = receiver.last;
    const signature = (key: string) => {
      const mac = createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'));
      const signed = [headers['webhook-id'], headers['webhook-timestamp'], sent].join('.');
      return `v1,${mac.update(signed).digest('base64')}`;
    };
    expect(headers['webhook-signature']).toBe(`${signature(secret)} ${signature(former)}`);
    expect(JSON.parse(sent)).toMatchObject({ type: 'webhook.test', data: { webhookId: webhook.id, appId: 'shop' } });
    const told = await listed(`subject=${webhook.id}`);
    expect(told.map(({ name }) => name)).toEqual(['webhook.secret_rotated', 'webhook.registered']);
    for (const hidden of [secret, former]) expect(JSON.stringify(told)).not.toContain(hidden);
  });

  test('a webhook that is deleted is gone, and its account takes the others with it', async () => {
    await open('leaves');
    const [deleted, left] = [await register('leaves'), await register('leaves')];
    const { body } = await other.call('DELETE', `${WEBHOOK}/delete/${deleted.id}`, { as: admin });
    expect(body.data).toBe(true);
    const { body: list } = await other.call('GET', `${WEBHOOK}/list?appId=leaves`, { as: admin });
    expect((list.data as WebhookJson[]).map(({ id }) => id)).toEqual([left.id]);
    await one.call('DELETE', '/auth/api/account/delete/leaves', { as: admin });
    for (const id of [deleted.id, left.id])
      expect((await other.call('GET', `${WEBHOOK}/detail/${id}`, { as: admin })).status).toBe(404);
  });

  test.each(['gone', '%00', `evt_${'9'.repeat(30)}`])('there is no webhook and no delivery %s', async (name) => {
    await open('asked');
    const { id } = await register('asked');
    const ask = async (method: string, path: string) =>
      (await other.call(method, `${WEBHOOK}${path}`, { as: admin })).body.code;
    expect(await ask('GET', `/detail/${name}`)).toBe(250257);
    expect(await ask('DELETE', `/delete/${name}`)).toBe(250257);
    expect(await ask('POST', `/delivery/replay/${id}/${name}`)).toBe(250258);
    await one.call('DELETE', '/auth/api/account/delete/asked', { as: admin });
  });

  test('refusals are written down at the latest when the process ends', async () => {
    const { body } = await one.call('GET', '/auth/api/account/detail/told?access_token=wrong');
    expect(body.code).toBe(250114);
    expect(await one.stop()).toBe(0);
    const [refused] = await listed('name=caller.refused');
    expect(refused).toMatchObject({
      by: { kind: 'stranger', address: '127.0.0.1', traceId: body.traceId },
      subject: { kind: 'request', name: 'GET /auth/api/account/detail/:appId' },
      details: { error: 'access_token_illegal', times: 1 },
    });
  });
});
