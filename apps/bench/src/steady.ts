import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { base64, firstSecrets, startApi, startWorker } from './api-server.js';
import { percentile, slope } from './statistics.js';

/**
 * A steady stream of requests for some minutes, nine checks to one change, with a worker beside the API: each is sent
 * when it is due, whether those before have been answered or not, and its time counts from then on.
 */
const [minutes, perSecond] = [Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 150)];
const TIMEOUT = 5_000;
/** A sample of the memory; the first half, in which everything is warmed up, is not counted. */
const SAMPLE = 5_000;
const ACCOUNTS = 100;

const folder = await mkdtemp(join(tmpdir(), 'claviger-steady-'));
const api = await startApi(folder);
const worker = await startWorker(folder);
try {
  const { accessKey, secretKey } = await firstSecrets(api);
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const headers = {
    authorization: `Platform ${base64(`${accessKey}:${secretKey}`)}`,
    'x-bkrepo-uid': 'admin',
    'content-type': 'application/json',
  };
  const durations: number[] = [];
  const failures = new Map<string, number>();
  const fail = (what: string) => void failures.set(what, (failures.get(what) ?? 0) + 1);

  const send = async (method: string, path: string, body?: object): Promise<string> => {
    const due = performance.now();
    try {
      const sending = request(`${api.origin}/auth/api/account/${path}`, { method, agent, headers, timeout: TIMEOUT });
      sending.on('timeout', () => sending.destroy(new Error('time-out')));
      const answered = new Promise<{ status: number; said: string }>((resolve, reject) => {
        sending.on('error', reject);
        sending.on('response', (response) => {
          text(response).then((said) => resolve({ status: response.statusCode ?? 0, said }), reject);
        });
      });
      sending.end(body && JSON.stringify(body));
      const { status, said } = await answered;
      if (status >= 300) fail(`${method} ${path.split('/')[0]}: ${status}`);
      return said;
    } catch (error) {
      fail(`${method} ${path.split('/')[0]}: ${error instanceof Error ? error.message : String(error)}`);
      return '';
    } finally {
      durations.push(performance.now() - due);
    }
  };

  const check = () => send('POST', 'credential/check', { accessKey, secretKey });
  const open: string[] = [];
  let opened = 0;
  const openOne = async (): Promise<void> => {
    const appId = `steady-${opened++}`;
    await send('POST', 'create', { appId, authorizationGrantTypes: ['PLATFORM'] });
    open.push(appId);
  };
  while (open.length < ACCOUNTS) await openOne();
  durations.length = 0;

  /** Opens accounts, adds and disables credentials, and closes the oldest: so many are there that all are equal. */
  const change = async (turn: number): Promise<void> => {
    const [oldest, some] = [open[0], open[Math.floor(Math.random() * open.length)]];
    if (turn % 4 === 0 || !oldest) await openOne();
    else if (turn % 4 === 1) {
      const said = await send('POST', `credential/${some}/PLATFORM`);
      const key = /cak_\w{30}/.exec(said)?.[0];
      if (key) await send('PUT', `credential/${some}/${key}/DISABLE`);
    } else if (turn % 4 === 2) await check();
    else if (open.length > ACCOUNTS) {
      open.shift();
      await send('DELETE', `delete/${oldest}`);
    } else await check();
  };

  const began = performance.now();
  const memory: (readonly [minute: number, mb: number])[] = [];
  let sampledAt = began;
  const end = began + minutes * 60_000;
  const sending = new Set<Promise<unknown>>();
  for (let sent = 0, turn = 0; performance.now() < end;) {
    const due = ((performance.now() - began) / 1000) * perSecond;
    for (; sent < due; sent++) {
      const one = sent % 10 === 0 ? change(turn++) : check();
      sending.add(one);
      void one.finally(() => sending.delete(one));
    }
    if (performance.now() - sampledAt >= SAMPLE) {
      sampledAt = performance.now();
      memory.push([(sampledAt - began) / 60_000, await api.memory()]);
    }
    await delay(2);
  }
  await Promise.all(sending);
  agent.destroy();
  const counted = memory.slice(Math.floor(memory.length / 2));
  const sorted = durations.toSorted((one, other) => one - other);
  console.log(`${durations.length} requests in ${minutes} minutes, ${perSecond} a second`);
  console.log(`failed: ${failures.size === 0 ? 'none' : JSON.stringify([...failures])}`);
  console.log(`ms: ${[50, 90, 99, 99.9, 100].map((p) => `p${p} ${percentile(sorted, p).toFixed(1)}`).join(', ')}`);
  const [first, last] = [counted[0]?.[1] ?? NaN, counted.at(-1)?.[1] ?? NaN];
  const perMinute = memory.filter((_, at) => at % Math.round(60_000 / SAMPLE) === 0).map(([, mb]) => mb.toFixed(0));
  console.log(`memory by the minute: ${perMinute.join(', ')} MB`);
  console.log(`memory: ${first.toFixed(0)} to ${last.toFixed(0)} MB, ${slope(counted).toFixed(3)} MB a minute`);
  if (failures.size > 0) process.exitCode = 1;
} finally {
  await worker.stop();
  await api.stop();
  await rm(folder, { recursive: true, force: true });
}
