import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { platformHeaders } from '../test/answer.js';
import { freshFolder, killAll, startApi, startFirst } from '../test/api-process.js';

const BODY = JSON.stringify({ appId: 'late', authorizationGrantTypes: ['PLATFORM'] });

let folder: ReturnType<typeof freshFolder>;

beforeEach(() => {
  folder = freshFolder();
});
afterEach(async () => {
  await killAll();
  folder.remove();
});

/** Starts what does not get to listen. */
async function failToStart(env: Record<string, string>): Promise<string> {
  const failed = await startApi({ cwd: folder.cwd, env }).then(
    () => 'It listens.',
    (error: Error) => error.message,
  );
  return failed;
}

describe('the first start', () => {
  let first: Awaited<ReturnType<typeof startFirst>>;
  let pasted: string;
  let password: string;
  let home: ReturnType<typeof freshFolder>;

  beforeAll(async () => {
    home = freshFolder();
    first = await startFirst({ cwd: home.cwd, env: { CLAVIGER_LOG_LEVEL: 'trace' } });
    const [curl = ''] = /^ {2}curl .*$/m.exec(first.printed.stderr) ?? [];
    // The last place to look for curl is our own: not every machine has one.
    const PATH = `${process.env['PATH']}:${fileURLToPath(new URL('../test/stand-in', import.meta.url))}`;
    pasted = (await promisify(execFile)('sh', ['-c', curl], { env: { PATH } })).stdout;
    password = /^ {2}password {4}(\S{12,})$/m.exec(first.printed.stderr)?.[1] ?? '';
    await first.call('GET', '/auth/api/account/list', { as: platformHeaders(first.system, 'admin') });
    expect(await first.stop()).toBe(0);
  });
  afterAll(async () => {
    await killAll();
    home.remove();
  });

  test('tells the admin’s password and a key pair, with a curl line that works when pasted', () => {
    expect(first.printed.stderr).toMatch(/^ {2}user {8}admin$/m);
    expect(password).not.toBe('');
    expect(JSON.parse(pasted)).toMatchObject({ code: 0, data: [{ appId: 'claviger', scope: ['SYSTEM'] }] });
  });

  test('tells them nowhere else: not in the log, not in the database, and never again', async () => {
    const data = join(home.cwd, 'data');
    const files = readdirSync(data).map((name) => readFileSync(join(data, name)));
    for (const secret of [first.system.secretKey, password]) {
      expect(first.printed.stdout).not.toContain(secret);
      for (const file of files) expect(file.includes(secret)).toBe(false);
    }
    const again = await startApi({ cwd: home.cwd });
    await again.logged('ready');
    expect(await again.stop('SIGINT')).toBe(0);
    expect(again.printed.stderr).toBe('');
    const lines = again.printed.stdout.trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual(['listening', 'ready', 'ending']);
  });

  test('keeps its data to itself', () => {
    const data = join(home.cwd, 'data');
    expect(statSync(data).mode & 0o077).toBe(0);
    for (const name of readdirSync(data)) expect(statSync(join(data, name)).mode & 0o077).toBe(0);
  });
});

describe('a start that cannot work ends with one line', () => {
  test.each([
    ['an unknown level', { CLAVIGER_LOG_LEVEL: 'loud' }, 'log.level'],
    ['an unknown database', { CLAVIGER_DATABASE_URL: 'mysql://secret@host/db' }, 'database.url'],
  ])('%s', async (_what, env, named) => {
    const told = await failToStart(env);
    expect(told).toMatch(/^It ended with 1 instead of saying "listening": claviger api: [^\n]+\n$/);
    expect(told).toContain(named);
    for (const value of Object.values(env)) expect(told).not.toContain(value);
  });

  test('a port that is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const told = await failToStart({ CLAVIGER_HTTP_PORT: String((other.address() as AddressInfo).port) });
    expect(told).toMatch(/claviger api: http\.host and http\.port: [^\n]+EADDRINUSE[^\n]+\n$/);
    other.close();
  });

  test('a file that is no database', async () => {
    mkdirSync(join(folder.cwd, 'data'));
    writeFileSync(join(folder.cwd, 'data', 'claviger.db'), 'This is no database.'.repeat(500));
    const api = await startApi({ cwd: folder.cwd });
    const [code] = (await once(api.child, 'exit')) as [number];
    expect(code).toBe(1);
    expect(api.printed.stderr).toMatch(/^claviger api: [^\n]+\n$/);
  });
});

describe('a process that waits for its database', () => {
  test('is alive, not ready, answers 503, and ends when it is told to', async () => {
    const away = { CLAVIGER_DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/none' };
    const api = await startApi({ cwd: folder.cwd, env: away });
    expect((await api.call('GET', '/health/live')).status).toBe(200);
    expect(await api.call('GET', '/health/ready')).toMatchObject({ status: 503, body: { code: 250128 } });
    const as = { authorization: 'Platform eDp5', 'x-bkrepo-uid': 'admin' };
    const answer = await api.call('GET', '/auth/api/account/list', { as });
    expect(answer).toMatchObject({ status: 503, body: { code: 250128 } });
    expect(answer.headers['retry-after']).toBe('2');
    expect(await api.stop()).toBe(0);
    expect(api.printed.stderr + api.printed.stdout).not.toContain('hunter2');
  });

  test('waits no longer than it may', async () => {
    const env = {
      CLAVIGER_DATABASE_URL: 'postgres://user:hunter2@127.0.0.1:1/none',
      CLAVIGER_DATABASE_START_TIMEOUT: '300',
    };
    const api = await startApi({ cwd: folder.cwd, env });
    const [code] = (await once(api.child, 'exit')) as [number];
    expect(code).toBe(1);
    expect(api.printed.stderr).toMatch(/^claviger api: [^\n]+\n$/);
    expect(api.printed.stderr).not.toContain('hunter2');
  });
});

describe('the end', () => {
  test('waits for a request in flight, and does not for a second signal', async () => {
    const api = await startFirst({ cwd: folder.cwd });
    const { hostname, port } = new URL(api.address);
    const open = async () => {
      const socket = connect(Number(port), hostname);
      const { authorization } = platformHeaders(api.system);
      const headers = `Host: x\r\nAuthorization: ${authorization}\r\nX-BKREPO-UID: admin\r\nContent-Type: application/json`;
      // The server answers 100 when it has taken the request on.
      socket.write(
        `POST /auth/api/account/create HTTP/1.1\r\n${headers}\r\nExpect: 100-continue\r\nContent-Length: ${BODY.length}\r\n\r\n`,
      );
      await once(socket, 'data');
      return socket;
    };
    const [finished, cut] = [await open(), await open()];
    const exited = once(api.child, 'exit');
    api.child.kill('SIGTERM');
    await api.logged('ending');
    expect((await api.call('GET', '/health/ready')).status).toBe(503);
    finished.write(BODY);
    const [answer] = (await once(finished, 'data')) as [Buffer];
    expect(answer.toString()).toContain('HTTP/1.1 201 Created');
    cut.on('error', () => undefined);
    api.child.kill('SIGTERM');
    expect(await exited).toEqual([1, null]);
  });
});
