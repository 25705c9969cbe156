import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { selfSigned } from './certificate.js';

const SENDER = fileURLToPath(new URL('send-once.mjs', import.meta.url));

let [folder, authority, port, received] = ['', '', 0, 0];
let server: Server;

beforeAll(async () => {
  const certificate = selfSigned('localhost');
  folder = await mkdtemp(join(tmpdir(), 'claviger-'));
  authority = join(folder, 'authority.pem');
  await writeFile(authority, certificate.cert);
  server = createServer(certificate, (_, response) => {
    received += 1;
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  ({ port } = server.address() as AddressInfo);
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** How a process of its own fares with such an environment. */
async function sent(host: string, environment: NodeJS.ProcessEnv): Promise<unknown> {
  const env = { PATH: process.env['PATH'], NODE_NO_WARNINGS: '1', ...environment };
  const { stdout } = await promisify(execFile)(process.execPath, [SENDER, `https://${host}:${port}/`], { env });
  return JSON.parse(stdout);
}

test('a receiver is reached over TLS when an authority that is trusted vouches for its name', async () => {
  expect(await sent('localhost', { NODE_EXTRA_CA_CERTS: authority })).toEqual({ delivered: true, result: '204' });
  expect(received).toBe(1);
});

test.each([
  ['nobody that is trusted vouches for it', 'localhost', {}],
  ['nobody does, and the environment says not to look', 'localhost', { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
  ['another name is vouched for', '127.0.0.1', { vouched: 'yes' }],
])('a receiver is told nothing when %s', async (_, host, { vouched, ...environment }: NodeJS.ProcessEnv) => {
  const before = received;
  const env = vouched ? { NODE_EXTRA_CA_CERTS: authority } : environment;
  expect(await sent(host, env)).toMatchObject({ delivered: false, result: 'TLS failed' });
  expect(received).toBe(before);
});
