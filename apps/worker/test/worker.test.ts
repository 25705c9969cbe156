import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'claviger-worker-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** The worker as a real process. */
function start(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN], {
    cwd,
    env: { PATH: process.env['PATH'], CLAVIGER_WORKER_HTTP_PORT: '0', ...env },
  });
  const lines: Record<string, unknown>[] = [];
  const stdout = createInterface({ input: child.stdout });
  stdout.on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const closed = once(child, 'close');
  return {
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** Resolves once a line with this message was logged. */
    said: async (msg: string) => {
      while (!lines.some((line) => line['msg'] === msg)) await once(stdout, 'line');
    },
    ended: async () => {
      const [exitCode] = (await closed) as [number | null];
      return { exitCode, stderr, lines };
    },
  };
}

describe.each(['SIGTERM', 'SIGINT'] as const)('a worker on SQLite', (signal) => {
  test(`gets ready, does its job and ends at ${signal} with exit code 0`, async () => {
    const worker = start({ CLAVIGER_LOG_LEVEL: 'debug', CLAVIGER_SERVICE_PORT: 'tcp://10.0.0.1' });
    await worker.said('ready');
    await worker.said('nothing to do');
    worker.kill(signal);
    const { exitCode, stderr, lines } = await worker.ended();
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(lines).toContainEqual(expect.objectContaining({ level: 'warn', name: 'worker' }));
    const told = lines.map((line) => line['msg']);
    expect(told).toContain('ending');
    // After that nothing but jobs that were in hand.
    expect(['done', 'nothing to do']).toEqual(expect.arrayContaining(told.slice(told.indexOf('ending') + 1)));
  });
});

describe('a worker on PostgreSQL', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());

  test('gets ready, does its job and ends', async () => {
    const { url } = await server.freshDatabase();
    const worker = start({ CLAVIGER_DATABASE_URL: url, CLAVIGER_LOG_LEVEL: 'debug' });
    await worker.said('nothing to do');
    worker.kill('SIGTERM');
    expect(await worker.ended()).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

describe('a worker whose database is away', () => {
  /** A port on which nobody listens. */
  async function deadPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }
  const away = async (startTimeout: string) => ({
    CLAVIGER_DATABASE_URL: `postgres://claviger:hunter2hunter2@127.0.0.1:${await deadPort()}/claviger`,
    CLAVIGER_DATABASE_START_TIMEOUT: startTimeout,
    CLAVIGER_LOG_LEVEL: 'debug',
  });

  test('waits as long as it may, then ends with one line without the password', async () => {
    const { exitCode, stderr } = await start(await away('300ms')).ended();
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^claviger worker: The database [^\n]+\n$/);
    expect(stderr).not.toContain('hunter2');
  });

  test('can be ended while it waits', async () => {
    const worker = start(await away('60s'));
    await worker.said('opening the database');
    worker.kill('SIGTERM');
    expect(await worker.ended()).toMatchObject({ exitCode: 0, stderr: '' });
  });
});

test('a configuration that cannot be used ends it with one line that names the key', async () => {
  const { exitCode, stderr, lines } = await start({ CLAVIGER_AUDIT_RETENTION: 'for ever' }).ended();
  expect([exitCode, lines]).toEqual([1, []]);
  expect(stderr).toMatch(/^claviger worker: audit\.retention \(CLAVIGER_AUDIT_RETENTION\) must be [^\n]+\n$/);
});
