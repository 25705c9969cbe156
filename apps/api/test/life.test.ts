import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { platformHeaders } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { listen, readAnswer } from './raw-http.js';

const GET_READY = 'GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n';
const BODY = JSON.stringify({ appId: 'slow', authorizationGrantTypes: ['PLATFORM'] });

let api: ApiOverMemory;
let port: number;

beforeEach(async () => {
  api = await apiOverMemory();
  port = await listen(api);
});
afterEach(() => api.app.close());

async function connected(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** A request whose headers have arrived and whose body has not. */
async function inFlight(): Promise<Socket> {
  const socket = await connected();
  const headers = { host: 'x', ...platformHeaders(api.system, 'admin'), 'content-type': 'application/json' };
  const lines = Object.entries({ ...headers, 'content-length': BODY.length }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const arrived = once(api.app.getHttpServer(), 'request');
  socket.write(`POST /auth/api/account/create HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  await arrived;
  return socket;
}

describe('an API that shall end', () => {
  test('is done at once when nothing is in flight', async () => {
    await api.life.drain(60_000);
    expect(api.life.stopping).toBe(true);
  });

  test('closes connections that wait for a next request, and those that never had one', async () => {
    const [kept, fresh] = [await connected(), await connected()];
    kept.write(GET_READY);
    await once(kept, 'data');
    const closed = Promise.all([kept, fresh].map((socket) => once(socket.resume(), 'close')));
    await api.life.drain(60_000);
    await closed;
  });

  test('finishes what is in flight, and then closes its connection', async () => {
    const socket = await inFlight();
    const drained = api.life.drain(60_000);
    socket.write(BODY);
    const answer = await readAnswer(socket);
    expect([answer.status, answer.headers['connection']]).toEqual([201, 'close']);
    await drained;
  });

  test('says meanwhile that it is not ready, on new connections too, and serves nobody for long', async () => {
    const socket = await inFlight();
    const drained = api.life.drain(60_000);
    const probe = await connected();
    probe.write(GET_READY);
    const answer = await readAnswer(probe);
    expect([answer.status, JSON.parse(answer.text)]).toEqual([503, expect.objectContaining({ code: 250128 })]);
    expect(answer.headers['connection']).toBe('close');
    socket.write(BODY);
    await Promise.all([readAnswer(socket), drained]);
  });

  test('waits no longer than it was given', async () => {
    const socket = await inFlight();
    await api.life.drain(50);
    api.app.getHttpServer().closeAllConnections();
    expect((await readAnswer(socket)).status).toBeNaN();
  });

  test('does not wait for clients that left', async () => {
    const socket = await inFlight();
    const drained = api.life.drain(60_000);
    socket.resetAndDestroy();
    await drained;
  });
});
