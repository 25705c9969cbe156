import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { platformHeaders } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { listen, readAnswer, sendRaw, type RawAnswer } from './raw-http.js';

const ROOT = '/auth/api/account';

let api: ApiOverMemory;
let port: number;

beforeAll(async () => {
  api = await apiOverMemory({ 'http.headersTimeout': 700, 'http.requestTimeout': 1200 });
  port = await listen(api);
});
beforeEach(() => {
  api.lines.length = 0;
});
afterAll(() => api.app.close());

const CLOSE = 'Host: x\r\nConnection: close\r\n';

/** The status, and the code of the envelope, which must be whole. */
function of({ status, headers, text }: RawAnswer): [number, number] {
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toBe('no-store');
  expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text));
  const envelope = JSON.parse(text) as { code: number; traceId: string };
  expect(envelope).toEqual({
    code: expect.any(Number),
    message: expect.stringMatching(/\S/),
    data: null,
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  return [status, envelope.code];
}

describe('what is hardly a request is answered in the envelope', () => {
  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['a header without a colon', `GET / HTTP/1.1\r\n${CLOSE}nonsense\r\n\r\n`, 400],
    ['a control character in a header', `GET / HTTP/1.1\r\n${CLOSE}X: a\u0001b\r\n\r\n`, 400],
    ['two lengths', `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 1\r\nContent-Length: 2\r\n\r\nab`, 400],
    ['a length and chunks', `POST / HTTP/1.1\r\n${CLOSE}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`, 400],
    ['a length that is no number', `POST / HTTP/1.1\r\n${CLOSE}Content-Length: many\r\n\r\n`, 400],
    ['a stranger’s chunk', `POST ${ROOT}/create HTTP/1.1\r\n${CLOSE}Transfer-Encoding: chunked\r\n\r\nzz\r\n`, 401],
    ['a method that is none', `MAKE / HTTP/1.1\r\n${CLOSE}\r\n`, 400],
    ['a tunnel', `CONNECT other:80 HTTP/1.1\r\n${CLOSE}\r\n`, 400],
    ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['the next version of HTTP', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
    ['a URL that cannot be decoded', `GET ${ROOT}/detail/%ff HTTP/1.1\r\n${CLOSE}\r\n`, 400],
    ['a path that climbs', `GET ${ROOT}/../../etc/passwd HTTP/1.1\r\n${CLOSE}\r\n`, 404],
    ['a URL with a space', `GET ${ROOT}/detail/a b HTTP/1.1\r\n${CLOSE}\r\n`, 400],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\n${CLOSE}\r\n`, 404],
    ['another host’s URL', `GET http://other/nothing HTTP/1.1\r\n${CLOSE}\r\n`, 404],
    ['an unknown expectation', `GET /nothing HTTP/1.1\r\n${CLOSE}Expect: the-unexpected\r\n\r\n`, 404],
    ['an upgrade', `GET /nothing HTTP/1.1\r\nHost: x\r\nConnection: close, upgrade\r\nUpgrade: websocket\r\n\r\n`, 404],
    ['a URL of 9 thousand characters', `GET /${'x'.repeat(9_000)} HTTP/1.1\r\n${CLOSE}\r\n`, 414],
    ['a URL of 20 thousand characters', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${CLOSE}\r\n`, 414],
    ['a URL of 200 thousand characters', `GET /${'x'.repeat(200_000)} HTTP/1.1\r\n${CLOSE}\r\n`, 414],
    ['headers of 17 thousand characters', `GET / HTTP/1.1\r\n${CLOSE}X: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
    ['headers of 200 thousand characters', `GET / HTTP/1.1\r\n${CLOSE}X: ${'x'.repeat(200_000)}\r\n\r\n`, 431],
    ['very many headers', `GET / HTTP/1.1\r\n${CLOSE}${'a: b\r\n'.repeat(10_000)}\r\n`, 431],
  ])('%s', async (_what, bytes, status) => {
    const [answered] = of(await sendRaw(port, bytes));
    expect(answered).toBe(status);
    expect(api.lines.at(-1)).toMatchObject({ msg: 'request', status });
  });

  test('headers that take too long', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n');
    expect(of(await readAnswer(socket))).toEqual([408, 250106]);
  });

  test('headers that may take longer than the whole request, which they may not', async () => {
    const odd = await apiOverMemory({ 'http.headersTimeout': 600_000, 'http.requestTimeout': 300 });
    const socket = connect(await listen(odd), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\n');
    expect(of(await readAnswer(socket))).toEqual([408, 250106]);
    await odd.app.close();
  });

  test('a body that takes too long', async () => {
    const socket = connect(port, '127.0.0.1');
    const { authorization } = platformHeaders(api.system);
    socket.write(
      `POST ${ROOT}/create HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nX-BKREPO-UID: admin\r\n`,
    );
    socket.write('Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"appId":');
    expect(of(await readAnswer(socket))).toEqual([408, 250106]);
  });

  test('a chunk that is none', async () => {
    const { authorization } = platformHeaders(api.system);
    const headers = `${CLOSE}Authorization: ${authorization}\r\nX-BKREPO-UID: admin\r\nTransfer-Encoding: chunked\r\n`;
    const answer = await sendRaw(port, `POST ${ROOT}/create HTTP/1.1\r\n${headers}\r\nzz\r\n`);
    expect(of(answer)).toEqual([400, 250106]);
  });

  test('two headers that Node would have joined, or dropped', async () => {
    const { authorization } = platformHeaders(api.system);
    const twice = (name: string, value: string) => `${name}: ${value}\r\n${name}: ${value}\r\n`;
    const send = (headers: string) => sendRaw(port, `GET ${ROOT}/list HTTP/1.1\r\n${CLOSE}${headers}\r\n`);
    expect(of(await send(twice('Authorization', authorization ?? '')))).toEqual([400, 250106]);
    const user = twice('X-BKREPO-UID', 'admin');
    expect(of(await send(`Authorization: ${authorization}\r\n${user}`))).toEqual([400, 250105]);
  });
});

describe('a body', () => {
  const create = (headers: string, body: string | Buffer) => {
    const as = Object.entries(platformHeaders(api.system, 'admin')).map(([name, value]) => `${name}: ${value}\r\n`);
    return sendRaw(port, `POST ${ROOT}/create HTTP/1.1\r\n${CLOSE}${as.join('')}${headers}\r\n`, body);
  };

  test('that says to be too large is not waited for', async () => {
    const answer = await create('Content-Type: application/json\r\nContent-Length: 9000000000\r\n', '');
    expect(of(answer)).toEqual([413, 250106]);
  });

  test('that turns out too large is not read to its end', async () => {
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`;
    const answer = await create('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n', chunk + chunk);
    expect(of(answer)).toEqual([413, 250106]);
  });

  test('may come in pieces', async () => {
    const body = JSON.stringify({ appId: 'pieces', authorizationGrantTypes: ['PLATFORM'], description: '键' });
    const chunks = [...Buffer.from(body)].map((byte) => `1\r\n${Buffer.from([byte]).toString('latin1')}\r\n`).join('');
    const bytes = Buffer.from(`${chunks}0\r\n\r\n`, 'latin1');
    const { status, text } = await create('Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n', bytes);
    expect([status, JSON.parse(text)]).toEqual([201, expect.objectContaining({ code: 0 })]);
    expect(text).toContain('键');
  });

  test('of no type at all is no JSON', async () => {
    expect(of(await create('Content-Length: 2\r\n', '{}'))).toEqual([415, 250119]);
  });
});

test('a client that leaves in the middle harms nobody', async () => {
  for (const bytes of [`POST ${ROOT}/create HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{`, 'GET', '']) {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(bytes);
    socket.resetAndDestroy();
    await once(socket, 'close');
  }
  expect((await sendRaw(port, `GET /health/ready HTTP/1.1\r\n${CLOSE}\r\n`)).status).toBe(200);
});
