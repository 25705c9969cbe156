import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { base64, firstSecrets, startApi } from './api-server.js';
import { press, type Load } from './load.js';
import { tableOf, type Round } from './report.js';
import { freePort, startServer, type ServerProcess } from './server-process.js';

/**
 * The hot paths against bare Fastify answering the same bytes: both in processes of their own, pressed in turns within
 * one run, so that the noise of the machine falls on both. Ratios, never times.
 */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 4);
const [CHECK, INFO] = ['/auth/api/account/credential/check', '/auth/api/user/info'];

/** What is pressed: a server, and how. */
interface Variant {
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: Load;
}

const folder = await mkdtemp(join(tmpdir(), 'claviger-bench-'));
try {
  const api = await startApi(folder);
  const first = await firstSecrets(api);
  const json = { 'content-type': 'application/json' };
  const platform = { authorization: `Platform ${base64(`${first.accessKey}:${first.secretKey}`)}` };
  const token = { authorization: `Bearer ${await fetchToken(api, first.password)}` };
  const body = JSON.stringify({ accessKey: first.accessKey, secretKey: first.secretKey });

  const check = (headers: Record<string, string>): Load => ({
    url: `${api.origin}${CHECK}`,
    method: 'POST',
    headers: { ...headers, ...json },
    body,
  });
  const info: Load = { url: `${api.origin}${INFO}`, method: 'GET', headers: token };
  const bare = await startBare({ [CHECK]: await answerTo(check(platform)), [INFO]: await answerTo(info) });
  const measured = await inTurns([
    [
      { name: 'bare Fastify, POST', server: bare, load: { ...check(platform), url: `${bare.origin}${CHECK}` } },
      { name: 'check, Platform authentication', server: api, load: check(platform) },
      { name: 'check, access token', server: api, load: check(token) },
    ],
    [
      { name: 'bare Fastify, GET', server: bare, load: { ...info, url: `${bare.origin}${INFO}` } },
      { name: 'who one is, access token', server: api, load: info },
    ],
  ]);
  console.log(tableOf(measured));
  await Promise.all([bare.stop(), api.stop()]);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function startBare(answers: Record<string, string>): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(fileURLToPath(import.meta.resolve('./bare-server.js')), {
    port,
    path: '/ready',
    env: { BENCH_PORT: String(port), BENCH_ANSWERS: JSON.stringify(answers) },
  });
}

async function fetchToken(api: ServerProcess, password: string): Promise<string> {
  const headers = { authorization: `Basic ${base64(`admin:${password}`)}` };
  const text = await answerTo({ url: `${api.origin}/auth/api/user/token/get`, method: 'GET', headers });
  return (JSON.parse(text) as { accessToken: string }).accessToken;
}

async function answerTo({ url, ...load }: Load): Promise<string> {
  const answer = await fetch(url, load);
  const text = await answer.text();
  if (!answer.ok || text.includes('"valid":false')) throw new Error(`${url} did not pass: ${answer.status} ${text}`);
  return text;
}

async function inTurns(groups: readonly (readonly Variant[])[]): Promise<Round[][]> {
  const variants = groups.flat();
  const samples = new Map(variants.map((variant) => [variant, [] as Round['samples']]));
  for (const { load } of variants) await press(load, 2);
  for (let round = 0; round < rounds; round++) {
    for (const variant of variants) {
      const before = await variant.server.cpu();
      const sample = await press(variant.load, seconds);
      const cpu = (await variant.server.cpu()) - before;
      const cpuPerRequest = (cpu * 1000) / (sample.requestsPerSecond * seconds);
      samples.get(variant)?.push({ ...sample, cpuPerRequest });
    }
  }
  return groups.map((group) => group.map((variant) => ({ name: variant.name, samples: samples.get(variant) ?? [] })));
}
