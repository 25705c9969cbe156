import type { AuditVerdict } from '@claviger/application';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { platformHeaders } from '../test/answer.js';
import { startApi, startFirst, type ApiProcess, type Setting } from '../test/api-process.js';
import { startReceiver, type Receiver } from '../test/processes/receiver.js';
import { freshSettings } from '../test/processes/settings.js';
import { startWorker, type WorkerProcess } from '../test/processes/worker-process.js';
import { report } from './report.js';

/** Each of the API and of the worker. */
const KILLS = 10;
const CLIENTS = 4;
/** So many events are made for one dead and nine live webhooks. */
const EVENTS = 1000;
const LIVE = 9;
const LOOPBACK = { CLAVIGER_WEBHOOKS_ALLOW_PRIVATE_ADDRESSES: 'true' };

let server: TestServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());
const onSqlite = freshSettings(async () => LOOPBACK);
const onPostgres = freshSettings(async () => ({
  ...LOOPBACK,
  CLAVIGER_DATABASE_URL: (await server.freshDatabase()).url,
}));

const receivers: Receiver[] = [];
const aReceiver = async () => {
  const receiver = await startReceiver();
  receivers.push(receiver);
  return receiver;
};
afterEach(() => {
  for (const receiver of receivers.splice(0)) receiver.close();
});

const registerWebhook = async (api: ApiProcess, as: Record<string, string>, url: string) =>
  expect(await api.call('POST', '/auth/api/webhook/create', { as, body: { url } })).toMatchObject({ status: 201 });

const verdictOf = async (api: ApiProcess, as: Record<string, string>) =>
  (await api.call('GET', '/auth/api/audit/verify', { as })).body.data as AuditVerdict;

describe('when the API and the worker are killed under load, ten times each', () => {
  // Side by side, because most of the time goes by with starting.
  test('every acknowledged change is told, none that was not made, and the chain of the audit is whole', async () => {
    const stories = await Promise.all([onSqlite().then(killBoth), onPostgres().then(killBoth)]);
    for (const { untold, madeUp, twice, verdict, acknowledged } of stories) {
      expect({ untold, madeUp, twice }).toEqual({ untold: [], madeUp: [], twice: [] });
      expect(verdict).toMatchObject({ intact: true });
      expect(acknowledged).toBeGreaterThan(KILLS * 10);
    }
    for (const { acknowledged, untold, deliveries } of stories)
      report('events under kill -9', { kills: 2 * KILLS, acknowledged, lost: untold.length, requests: deliveries });
  }, 600_000);
});

/** Clients open accounts, two at a time under one name, so that one of both is refused and rolled back. */
async function killBoth(setting: Setting) {
  const receiver = await aReceiver();
  const first = await startFirst(setting);
  const as = platformHeaders(first.system, 'admin');
  await registerWebhook(first, as, `${receiver.address}/`);
  const acknowledged = new Set<string>();
  /** Of each account that was told of: the names of its opening. */
  const idsOf = new Map<string, Set<string>>();
  receiver.arrivals.on('message', ({ type, id, subject }) => {
    if (type === 'account.opened') idsOf.set(subject.name, (idsOf.get(subject.name) ?? new Set()).add(id));
  });
  let [api, worker]: [ApiProcess, WorkerProcess] = [first, startWorker(setting)];
  await worker.ready;
  for (let kill = 0; kill < KILLS; kill++) {
    // In the midst of a delivery: it has arrived, and nobody has written that down.
    let arrivals = 5 + kill;
    const onArrival = () => void (--arrivals === 0 && worker.child.kill('SIGKILL'));
    receiver.arrivals.on('message', onArrival);
    const before = acknowledged.size;
    const onAcknowledged = (appId: string) => {
      acknowledged.add(appId);
      // Far enough for the worker to meet its end too, and never at the same point.
      if (acknowledged.size - before >= 12 + ((kill * 7) % 11) && arrivals <= 0) api.child.kill('SIGKILL');
    };
    await Promise.all(
      Array.from({ length: CLIENTS }, (_, i) => openUntilItDies(api, as, `app-${i}-${kill}`, onAcknowledged)),
    );
    receiver.arrivals.off('message', onArrival);
    await Promise.all([api.stop('SIGKILL'), worker.stop('SIGKILL')]);
    [api, worker] = [await startApi(setting), startWorker(setting)];
    await Promise.all([api.logged('ready'), worker.ready]);
  }
  const untold = () => [...acknowledged].filter((appId) => !idsOf.has(appId));
  await receiver.until(() => untold().length === 0);

  const madeUp: string[] = [];
  for (const appId of idsOf.keys()) {
    const { status } = await api.call('GET', `/auth/api/account/detail/${appId}`, { as });
    if (status !== 200) madeUp.push(appId);
  }
  const twice = [...idsOf].filter(([, ids]) => ids.size > 1);
  const verdict = await verdictOf(api, as);
  await Promise.all([api.stop(), worker.stop()]);
  return {
    untold: untold(),
    madeUp,
    twice,
    verdict,
    acknowledged: acknowledged.size,
    deliveries: receiver.received.length,
  };
}

async function openUntilItDies(
  api: ApiProcess,
  as: Record<string, string>,
  name: string,
  onAcknowledged: (appId: string) => void,
): Promise<void> {
  for (let round = 0; ; round++) {
    const body = { appId: `${name}-${round}`, authorizationGrantTypes: ['PLATFORM'] };
    const open = () => api.call('POST', '/auth/api/account/create', { as, body }).catch(() => null);
    const answers = await Promise.all([open(), open()]);
    if (answers.some((answer) => answer?.status === 201)) onAcknowledged(body.appId);
    if (answers.includes(null)) return;
    expect(answers.map((answer) => answer?.status)).toEqual(expect.arrayContaining([201, 409]));
  }
}

describe('one dead webhook and nine live ones', () => {
  test('the live ones are told within five seconds of each event, and with two workers hardly ever twice', async () => {
    const [alone, shared] = [await tellTen(await onSqlite(), 1), await tellTen(await onPostgres(), 2)];
    for (const { workers, missed, slowest } of [alone, shared])
      report(`events to ten webhooks by ${workers}`, { acknowledged: EVENTS, lost: missed, slowest });
    for (const { missed, slowest, repeated } of [alone, shared]) {
      expect(missed).toBe(0);
      expect(slowest).toBeLessThan(5_000);
      expect(repeated).toBeLessThan(EVENTS * LIVE * 0.01);
    }
  }, 300_000);
});

async function tellTen(setting: Setting, workers: number) {
  const receiver = await aReceiver();
  const api = await startFirst(setting);
  const as = platformHeaders(api.system, 'admin');
  await registerWebhook(api, as, `${receiver.address}/dead`);
  for (let i = 0; i < LIVE; i++) await registerWebhook(api, as, `${receiver.address}/live-${i}`);
  const started = Array.from({ length: workers }, () => startWorker(setting));
  await Promise.all(started.map(({ ready }) => ready));
  const distinct = new Set<string>();
  let [repeated, slowest] = [0, 0];
  receiver.arrivals.on('message', ({ type, path, id, latency }) => {
    if (type !== 'user.registered') return;
    if (distinct.has(`${path} ${id}`)) repeated++;
    distinct.add(`${path} ${id}`);
    slowest = Math.max(slowest, latency);
  });
  const beginning = Date.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async (_, client) => {
      for (let i = client; i < EVENTS; i += CLIENTS)
        await api.call('POST', '/auth/api/user/create', { as, body: { userId: `user-${i}` } });
    }),
  );
  const made = Date.now() - beginning;
  await receiver.until(() => distinct.size >= EVENTS * LIVE);
  const story = { events: EVENTS, workers, made, missed: EVENTS * LIVE - distinct.size, slowest, repeated };
  await Promise.all([api.stop(), ...started.map((worker) => worker.stop())]);
  return story;
}
