import { once } from 'node:events';
import { connect } from 'node:net';
import type { KeyPair } from '@claviger/domain';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { platformHeaders } from '../test/answer.js';
import { startFirst, type ApiProcess } from '../test/api-process.js';
import { freshSettings } from '../test/processes/settings.js';
import { readAnswer, sendRaw } from '../test/raw-http.js';

const SOCKETS = 200;
/** Milliseconds. */
const [HEADERS, REQUEST] = [1_500, 2_500];
/** Milliseconds until the service looks again, and those of a loaded machine. */
const [LOOK, LEEWAY] = [500, 3_000];

const freshSetting = freshSettings(async () => ({
  CLAVIGER_HTTP_HEADERS_TIMEOUT: `${HEADERS}ms`,
  CLAVIGER_HTTP_REQUEST_TIMEOUT: `${REQUEST}ms`,
}));

let api: ApiProcess & { readonly system: KeyPair };
let port: number;
let post: string;
beforeAll(async () => {
  api = await startFirst(await freshSetting());
  port = Number(new URL(api.address).port);
  const as = Object.entries(platformHeaders(api.system, 'admin')).map((header) => `${header.join(': ')}\r\n`);
  post = `POST /auth/api/account/create HTTP/1.1\r\nHost: x\r\n${as.join('')}Content-Type: application/json\r\n`;
});
afterAll(() => api.stop());

describe(`${SOCKETS} clients at once`, () => {
  test.each<[string, () => string, string, number]>([
    ['say nothing at all', () => '', '', HEADERS],
    ['send headers, byte by byte, for ever', () => 'GET / HTTP/1.1\r\n', 'x', HEADERS],
    ['send a body, byte by byte, for ever', () => `${post}Content-Length: 60000\r\n\r\n{`, ' ', REQUEST],
  ])('that %s are sent away in time, and others are served meanwhile', async (_what, first, drip, bound) => {
    const began = performance.now();
    const sockets = await Promise.all(
      Array.from({ length: SOCKETS }, async () => {
        const socket = connect(port, '127.0.0.1');
        await once(socket, 'connect');
        socket.write(first());
        return socket;
      }),
    );
    const answers = Promise.all(
      sockets.map(async (socket) => ({ ...(await readAnswer(socket)), took: performance.now() - began })),
    );
    const dripping = setInterval(() => sockets.forEach((socket) => socket.write(drip)), 100);
    let isOver = false;
    void answers.then(() => (isOver = true));
    const waits = await serveUntil(() => isOver);
    clearInterval(dripping);

    for (const { status, text, took } of await answers) {
      // Who still sends when the service closes may lose the answer on the way.
      if (drip === '' || text !== '')
        expect([status, (JSON.parse(text) as { code: number }).code]).toEqual([408, 250106]);
      expect(took).toBeGreaterThan(bound - LOOK);
      expect(took).toBeLessThan(bound + LOOK + LEEWAY);
    }
    expect(waits.length).toBeGreaterThan(5);
    expect(Math.max(...waits)).toBeLessThan(1_000);
  });
});

// No more than a connection takes at once: who still sends when the service closes may lose the answer on the way.
describe('what is too much', () => {
  test.each([
    ['of 100 MiB, told beforehand', () => [`${post}Content-Length: 104857600\r\n\r\n`, ' '.repeat(0x20000)], 413],
    [
      'in endless chunks',
      () => [`${post}Transfer-Encoding: chunked\r\n\r\n`, `20000\r\n${' '.repeat(0x20000)}\r\n`],
      413,
    ],
    ['nested 100,000 deep', () => withBody('['.repeat(100_000) + ']'.repeat(100_000)), 413],
    ['nested 30,000 deep, within the limit of size', () => withBody('['.repeat(30_000) + ']'.repeat(30_000)), 400],
  ])('a body %s is refused at once', async (_what, parts, status) => {
    const began = performance.now();
    const answer = await sendRaw(port, ...parts());
    expect([answer.status, (JSON.parse(answer.text) as { code: number }).code]).toEqual([status, 250106]);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test('nor does a larger limit let a body through that is nested 100,000 deep', async () => {
    const { cwd, env } = await freshSetting();
    const generous = await startFirst({ cwd, env: { ...env, CLAVIGER_HTTP_BODY_LIMIT: '1048576' } });
    const as = platformHeaders(generous.system, 'admin');
    const body = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await generous.call('POST', '/auth/api/account/create', { as, body })).toMatchObject({
      status: 400,
      body: { code: 250106 },
    });
    expect(await generous.stop()).toBe(0);
  });
});

function withBody(body: string): string[] {
  return [`${post}Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`, body];
}

/** Asks again and again whether a key is good, and tells how long each answer took. */
async function serveUntil(isOver: () => boolean): Promise<number[]> {
  const waits: number[] = [];
  const { accessKey, secretKey } = api.system;
  while (!isOver()) {
    const began = performance.now();
    const { body } = await api.call('POST', '/auth/api/account/credential/check', {
      as: platformHeaders(api.system),
      body: { accessKey, secretKey },
    });
    expect(body.data).toEqual({ valid: true, appId: 'claviger' });
    waits.push(performance.now() - began);
  }
  return waits;
}
