import { startEmbeddedPostgres, type OwnServer } from '@claviger/testing/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { platformHeaders, type Answer } from '../answer.js';
import { startApi, startFirst, type ApiProcess } from '../api-process.js';
import { freshSettings } from './settings.js';

let server: OwnServer;
beforeAll(async () => {
  server = await startEmbeddedPostgres();
}, 60_000);
afterAll(() => server.stop());
const freshSetting = freshSettings(async () => ({ CLAVIGER_DATABASE_URL: server.url }));

const ACCOUNT = '/auth/api/account';
const AWAY = { status: 503, headers: { 'retry-after': '2' }, body: { code: 250128, data: null } };

test('while its PostgreSQL is away the API lives and says 503, and serves again as soon as it is back', async () => {
  const setting = await freshSetting();
  const api = await startFirst(setting);
  const key = api.system;
  const as = platformHeaders(key, 'admin');
  const create = (appId: string) =>
    api.call('POST', `${ACCOUNT}/create`, { as, body: { appId, authorizationGrantTypes: ['PLATFORM'] } });

  // It goes away in the midst of writes.
  const answers = new Map<string, Answer>();
  const killed: Promise<void>[] = [];
  const clients = Array.from({ length: 8 }, async (_, client) => {
    for (let i = 0; ; i++) {
      const [appId, answer] = [`app-${client}-${i}`, await create(`app-${client}-${i}`)];
      answers.set(appId, answer);
      if (answers.size === 40) killed.push(server.kill());
      if (answer.status === 503) return;
    }
  });
  await Promise.all(clients);
  await Promise.all(killed);
  expect(new Set([...answers.values()].map(({ status }) => status))).toEqual(new Set([201, 503]));

  expect(await create('while-away')).toMatchObject(AWAY);
  expect(await api.call('GET', `${ACCOUNT}/list`, { as })).toMatchObject(AWAY);
  expect(await api.call('POST', `${ACCOUNT}/credential/check`, { as, body: key })).toMatchObject(AWAY);
  expect(await readiness(api, 503)).toMatchObject(AWAY);
  expect((await api.call('GET', '/health/live')).status).toBe(200);

  // One that starts meanwhile waits.
  const waiting = await startApi(setting);
  expect(await readiness(waiting, 503)).toMatchObject(AWAY);
  expect(await waiting.call('GET', `${ACCOUNT}/list`, { as })).toMatchObject(AWAY);
  expect((await waiting.call('GET', '/health/live')).status).toBe(200);

  await server.start();
  await Promise.all([readiness(api, 200), readiness(waiting, 200)]);
  for (const [appId, { status }] of answers) {
    if (status !== 201) continue;
    expect((await waiting.call('GET', `${ACCOUNT}/detail/${appId}`, { as })).status).toBe(200);
  }
  expect((await create('when-back')).status).toBe(201);
  expect(await Promise.all([api.stop(), waiting.stop()])).toEqual([0, 0]);
}, 60_000);

/** Resolves once it has that status. */
async function readiness(api: ApiProcess, status: number): Promise<Answer> {
  for (;;) {
    const answer = await api.call('GET', '/health/ready');
    if (answer.status === status) return answer;
    await delay(20);
  }
}
