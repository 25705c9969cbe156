import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AccountJson } from '@claviger/application';
import { expect, test } from '@jest/globals';
import { platformHeaders } from '../test/answer.js';
import { startApi, startFirst, type ApiProcess } from '../test/api-process.js';
import { onBothDatabases } from '../test/processes/settings.js';
import { startReceiver } from '../test/processes/receiver.js';
import { startWorker } from '../test/processes/worker-process.js';
import { report } from './report.js';
import { until } from './until.js';

const IN_FLIGHT = 40;
/** Milliseconds that what is in hand may take, and those that a loaded machine needs to say goodbye. */
const [GRACE, GOODBYE] = [10_000, 3_000];

onBothDatabases((freshSetting, database) => {
  test('at SIGTERM each request in flight is answered and kept, and the exit code is 0 within ten seconds', async () => {
    const setting = await freshSetting();
    const api = await startFirst(setting);
    const as = platformHeaders(api.system, 'admin');
    const appIds = Array.from({ length: IN_FLIGHT }, (_, i) => `in-flight-${i}`);
    const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
    const requests = await Promise.all(appIds.map((appId) => beginCreate(api, as, appId, agent)));
    // Half of them are being written when the signal comes, the others still send.
    const answers = requests.slice(0, IN_FLIGHT / 2).map((one) => one.finish());
    const began = performance.now();
    const ended = api.stop();
    answers.push(...requests.slice(IN_FLIGHT / 2).map((one) => one.finish()));
    expect(new Set(await Promise.all(answers))).toEqual(new Set([201]));
    expect(await ended).toBe(0);
    const took = performance.now() - began;
    expect(took).toBeLessThan(GRACE);
    agent.destroy();

    const again = await startApi(setting);
    await again.logged('ready');
    const { body } = await again.call('GET', '/auth/api/account/list', { as });
    const kept = new Set((body.data as AccountJson[]).map(({ appId }) => appId));
    const lost = appIds.filter((appId) => !kept.has(appId));
    report(`SIGTERM on ${database}`, { acknowledged: IN_FLIGHT, lost: lost.length });
    expect(lost).toEqual([]);
    expect(await again.stop()).toBe(0);
  }, 60_000);
});

onBothDatabases((freshSetting) => {
  test('nobody who never ends keeps them: neither a client that sends no more nor a webhook that does not answer', async () => {
    const { cwd, env } = await freshSetting();
    const setting = { cwd, env: { ...env, CLAVIGER_WEBHOOKS_ALLOW_PRIVATE_ADDRESSES: 'true' } };
    const api = await startFirst(setting);
    const worker = startWorker(setting);
    await worker.ready;
    const as = platformHeaders(api.system, 'admin');
    const receiver = await startReceiver();
    await api.call('POST', '/auth/api/webhook/create', { as, body: { url: `${receiver.address}/dead` } });
    await api.call('POST', '/auth/api/user/create', { as, body: { userId: 'heard-of' } });
    await until(async () => receiver.asked > 0);
    const stalled = await beginCreate(api, as, 'stalled', new Agent());
    const left = new Promise((resolve) => stalled.request.once('close', resolve));
    const began = performance.now();
    expect(await Promise.all([api.stop(), worker.stop()])).toEqual([0, 0]);
    expect(performance.now() - began).toBeLessThan(GRACE + GOODBYE);
    await left;
    receiver.close();
  }, 60_000);
});

interface Begun {
  readonly request: ClientRequest;
  /** Sends the rest and tells the status. */
  finish(): Promise<number | undefined>;
}

/** Resolves when the service has the request in hand and waits for its body. */
async function beginCreate(api: ApiProcess, as: Record<string, string>, appId: string, agent: Agent): Promise<Begun> {
  const body = JSON.stringify({ appId, authorizationGrantTypes: ['PLATFORM'] });
  const headers = { ...as, 'content-type': 'application/json', 'content-length': body.length, expect: '100-continue' };
  const begun = request(`${api.address}/auth/api/account/create`, { method: 'POST', agent, headers });
  begun.on('error', () => undefined);
  begun.flushHeaders();
  await once(begun, 'continue');
  return {
    request: begun,
    finish: async () => {
      const answered = once(begun, 'response');
      begun.end(body);
      const [answer] = (await answered) as [IncomingMessage];
      answer.resume();
      return answer.statusCode;
    },
  };
}
