import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { platformHeaders } from '../answer.js';
import { firstKeyPair, startApi, type ApiProcess } from '../api-process.js';
import { freshSettings } from './settings.js';

const freshSetting = freshSettings(async () => ({ CLAVIGER_HTTP_WORKERS: '2', CLAVIGER_HTTP_METRICS_PORT: '0' }));

type Line = { readonly msg: string; readonly pid: number } & Readonly<Record<string, unknown>>;

const linesOf = ({ printed }: ApiProcess, message: string): Line[] =>
  printed.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line)
    .filter(({ msg }) => msg === message);

/** Resolves when that was logged so many times. */
async function logged(api: ApiProcess, message: string, times: number): Promise<Line[]> {
  while (linesOf(api, message).length < times) await once(api.child.stdout ?? api.child, 'data');
  return linesOf(api, message);
}

test('two workers serve on one port, are counted together, replaced when they die, and end together', async () => {
  const api = await startApi(await freshSetting());
  const system = await firstKeyPair(api);
  const started = await logged(api, 'ready', 2);
  expect(new Set(started.map(({ pid }) => pid)).size).toBe(2);
  expect(new Set(linesOf(api, 'listening').map(({ address }) => address)).size).toBe(1);

  const check = async (): Promise<number> => {
    const body = { accessKey: system.accessKey, secretKey: system.secretKey };
    const as = { ...platformHeaders(system), connection: 'close' };
    return (await api.call('POST', '/auth/api/account/credential/check', { as, body })).status;
  };
  expect(await Promise.all(Array.from({ length: 10 }, check))).toEqual(Array.from({ length: 10 }, () => 200));
  const [leading] = await logged(api, 'leading workers', 1);
  const metrics = await (await fetch(`http://127.0.0.1:${String(leading?.['metrics'])}/metrics`)).text();
  const route = 'method="POST",route="/auth/api/account/credential/check"';
  expect(metrics).toContain(`claviger_http_requests_total{${route},status="200"} 10\n`);
  expect(metrics).toContain(`claviger_http_request_seconds_count{${route}} 10\n`);

  const [first] = started;
  process.kill(first?.pid ?? 0, 'SIGKILL');
  await logged(api, 'a worker died and is replaced', 1);
  expect(await check()).toBe(200);
  await logged(api, 'ready', 3);

  expect(await api.stop('SIGINT')).toBe(0);
  for (const { pid } of linesOf(api, 'ready')) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
}, 60_000);

test('a worker that cannot start says why, and none is started in its place', async () => {
  const setting = await freshSetting();
  const taken = await startApi({ ...setting, env: { ...setting.env, CLAVIGER_HTTP_WORKERS: '1' } });
  const { port } = new URL(taken.address);
  const { cwd } = await freshSetting();
  const refused = startApi({ cwd, env: { ...setting.env, CLAVIGER_HTTP_PORT: port } });
  await expect(refused).rejects.toThrow(/It ended with 1 .*nobody can listen there \(EADDRINUSE\)/s);
  await taken.stop();
}, 60_000);
