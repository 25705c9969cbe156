import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { press, type Load } from './load.js';
import { tableOf, type Round } from './report.js';
import { startServer, type ServerProcess } from './server-process.js';

/**
 * The check call with Platform authentication against bare Fastify answering the same bytes: both in processes of
 * their own, pressed in turns within one run, so that the noise of the machine falls on both. Ratios, never times.
 */
const rounds = Number(process.env['BENCH_ROUNDS'] ?? 5);
const seconds = Number(process.env['BENCH_SECONDS'] ?? 4);

const folder = await mkdtemp(join(tmpdir(), 'claviger-bench-'));
try {
  const api = await startApi();
  const keyPair = await firstKeyPair(api);
  const load: Load = {
    url: `${api.origin}/auth/api/account/credential/check`,
    headers: {
      authorization: `Platform ${Buffer.from(`${keyPair.accessKey}:${keyPair.secretKey}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify(keyPair),
  };
  const bare = await startBare(await answerTo(load));
  const measured = await inTurns([
    ['bare Fastify', bare, { ...load, url: `${bare.origin}/check` }],
    ['check, Platform authentication', api, load],
  ]);
  console.log(tableOf(measured));
  await Promise.all([bare.stop(), api.stop()]);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function startApi(): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(fileURLToPath(import.meta.resolve('../../api/dist/main.js')), {
    port,
    path: '/health/ready',
    env: { CLAVIGER_HTTP_PORT: String(port), CLAVIGER_DATABASE_URL: `sqlite:${join(folder, 'claviger.db')}` },
  });
}

async function startBare(body: string): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(fileURLToPath(import.meta.resolve('./bare-server.js')), {
    port,
    path: '/ready',
    env: { BENCH_PORT: String(port), BENCH_BODY: body },
  });
}

/** The first start shows its key pair once, on stderr. */
async function firstKeyPair(api: ServerProcess): Promise<{ accessKey: string; secretKey: string }> {
  const [, accessKey, secretKey] = await api.says(/(cak_\w{30})\s[^]*(csk_\w{49})\s/);
  if (!accessKey || !secretKey) throw new Error('the API showed no key pair at its first start');
  return { accessKey, secretKey };
}

async function answerTo(load: Load): Promise<string> {
  const answer = await fetch(load.url, { method: 'POST', headers: load.headers, body: load.body });
  const text = await answer.text();
  if (!text.includes('"valid":true')) throw new Error(`the check did not pass: ${answer.status} ${text}`);
  return text;
}

async function inTurns(variants: readonly [string, ServerProcess, Load][]): Promise<Round[]> {
  const measured = variants.map(([name]) => ({ name, samples: [] as Round['samples'] }));
  for (const [, , load] of variants) await press(load, 2);
  for (let round = 0; round < rounds; round++) {
    for (const [index, [, server, load]] of variants.entries()) {
      const before = await server.cpu();
      const sample = await press(load, seconds);
      const cpu = (await server.cpu()) - before;
      measured[index]?.samples.push({ ...sample, cpuPerRequest: (cpu * 1000) / (sample.requestsPerSecond * seconds) });
    }
  }
  return measured;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
