import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { text as textOf } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Config } from '@claviger/composition';
import { OPERATOR, type Scope, type UserId } from '@claviger/domain';
import { platformHeaders } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { aUser, basic, cookieFrom, PASSWORD, type KnownUser } from './known-user.js';
import { listen, readAnswer, sendRaw } from './raw-http.js';
import { startUpstream, type Upstream } from './upstream.js';

const GATE = '/ms/openapi/api/apigw';

let upstream: Upstream;
let api: ApiOverMemory;
let port: number;
let alice: KnownUser;

/** An API before that upstream. */
async function gateBefore(url: string | null, more: Partial<Config> = {}): Promise<[ApiOverMemory, number, KnownUser]> {
  const gate = await apiOverMemory({ 'gateway.upstreams.openapi': url, ...more });
  return [gate, await listen(gate), await aUser(gate, 'alice')];
}

beforeAll(async () => {
  upstream = await startUpstream();
  [api, port, alice] = await gateBefore(upstream.url, { 'http.bodyLimit': 1024 });
});
beforeEach(() => upstream.answer((_request, response) => response.end('ok')));
afterAll(async () => {
  await api.app.close();
  await upstream.close();
});

interface Sent {
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly to?: number;
}

function open(path: string, { method = 'GET', headers = {}, to = port }: Sent = {}): ClientRequest {
  return httpRequest({ host: '127.0.0.1', port: to, path, method, headers: { ...alice.bearer, ...headers } });
}

async function call(path: string, sent: Sent = {}, body?: string | Buffer) {
  const request = open(path, sent);
  request.end(body);
  const [answer] = (await once(request, 'response')) as [IncomingMessage];
  const text = await textOf(answer);
  return { status: answer.statusCode, headers: answer.headers, text };
}

const codeOf = ({ status, text }: { status: number | undefined; text: string }) => [
  status,
  (JSON.parse(text) as { code: number }).code,
];
test('lets an application through that was granted all scopes that lead there, and none that was not', async () => {
  const { platform, clock } = api;
  const scope = ['PROJECT', 'REPO', 'NODE'];
  const account = { appId: 'calendar', authorizationGrantTypes: ['AUTHORIZATION_CODE'], scope };
  const urls = { homepageUrl: 'https://calendar.example/', redirectUri: 'https://calendar.example/back' };
  await platform.createAccount(OPERATOR, { ...account, ...urls });
  const user = { kind: 'user', userId: 'alice' as UserId, admin: false, account: null } as const;
  await platform.authorizeAccount(user, { appId: 'calendar', scope });
  const withToken = async (granted: readonly Scope[]) => {
    const token = randomBytes(32).toString('base64url');
    const artifact = { kind: 'AccessToken', id: token, grantId: null, payload: '', expiresAt: clock.now() + 60_000 };
    await platform.oauthArtifacts.put({ ...artifact, userId: 'alice', appId: 'calendar', scope: granted });
    return call(`${GATE}/x`, { headers: { authorization: `Bearer ${token}` } });
  };
  expect((await withToken(['PROJECT', 'REPO', 'NODE'])).text).toBe('ok');
  expect(codeOf(await withToken(['PROJECT', 'REPO']))).toEqual([403, 250237]);
});

describe('what is passed on', () => {
  test('is the path without the gateway’s own part and the query without the token, to the letter', async () => {
    const query = 'a=%2F&a=b+c&&access_token_=x&empty=&q=access_token';
    await call(`${GATE}/v3/projects/a%2Fb%20c;d?${query}`);
    expect(upstream.last.url).toBe(`/api/apigw/v3/projects/a%2Fb%20c;d?${query}`);
    const { token } = alice;
    for (const [given, left] of [
      [`?access_token=${token}`, ''],
      [`?x=1&access_token=${token}&y=2`, '?x=1&y=2'],
      [`?x=1&%61ccess%5ftoken=${token}`, '?x=1'],
    ] as const) {
      const { status } = await call(`${GATE}/v3/projects${given}`, { headers: { authorization: [] } });
      expect([status, upstream.last.url]).toEqual([200, `/api/apigw/v3/projects${left}`]);
    }
  });

  test('goes below the path of the upstream, if it has one', async () => {
    const [gate, to] = await gateBefore(`${upstream.url}/base/`);
    await call(`${GATE}/x?y=z`, { to });
    expect(upstream.last.url).toBe('/base/api/apigw/x?y=z');
    await gate.app.close();
  });

  test('says who calls, and nothing that the client said of it', async () => {
    await call(`${GATE}/x`, {
      headers: {
        'X-DEVOPS-UID': 'alice',
        'X-Forwarded-User': 'root',
        x_devops_uid: 'root',
        X_BKREPO_UID: 'root',
        'X_FORWARDED-User': 'root',
        'X.Devops.Uid': 'root',
        'Remote-User': 'root',
        'X-Auth-Request-User': 'root',
        Cookie: 'a=b; claviger_session=secret',
        'X-Forwarded-For': '203.0.113.9',
        'X-Real-IP': '203.0.113.9',
        Forwarded: 'for=203.0.113.9',
        'X-Other': 'kept',
        'Accept-Language': 'zh',
      },
    });
    const { headers, rawHeaders } = upstream.last;
    expect(headers).toEqual({
      host: upstream.url.slice('http://'.length),
      connection: expect.any(String),
      'x-devops-uid': 'alice',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': `127.0.0.1:${port}`,
      'x-forwarded-proto': 'http',
      'x-other': 'kept',
      'accept-language': 'zh',
    });
    expect(rawHeaders.join(' ')).not.toContain('root');
  });

  test('leaves out what is about our connection alone, and what the client calls so', async () => {
    const headers = {
      connection: 'close, X-Mine, X-Devops-Uid',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      'proxy-authorization': 'Basic x',
      'x-mine': 'mine',
      expect: '100-continue',
    };
    const { status, headers: answered } = await call(`${GATE}/x`, { method: 'POST', headers }, 'body');
    expect(status).toBe(200);
    expect(answered.connection).toBe('close');
    const names = Object.keys(upstream.last.headers);
    for (const name of ['keep-alive', 'te', 'proxy-authorization', 'x-mine', 'expect'])
      expect(names).not.toContain(name);
    expect(upstream.last.headers['x-devops-uid']).toBe('alice');
  });

  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('keeps its method: %s', async (method) => {
    const { status } = await call(`${GATE}/x`, { method });
    expect([status, upstream.last.method]).toEqual([200, method]);
  });

  test.each([
    ['JSON that is none', 'application/json', '{"a":'],
    ['JSON that lies deep', 'application/json', '['.repeat(900)],
    ['a form', 'application/x-www-form-urlencoded', 'a=b&access_token=c'],
    ['what nobody knows', 'application/x-unknown; a=b', '\u0000\u0001'],
    ['no type', undefined, 'text'],
  ])('keeps its body, whatever that is: %s', async (_what, type, body) => {
    upstream.answer((request, response) => void request.pipe(response));
    const headers = type === undefined ? {} : { 'content-type': type };
    const { status, text } = await call(`${GATE}/x`, { method: 'POST', headers }, body);
    expect([status, text, upstream.last.headers['content-type']]).toEqual([200, body, type]);
    expect(upstream.last.headers['content-length']).toBe(String(Buffer.byteLength(body)));
  });

  test('is read no faster than the upstream takes it, and begins before it is whole', async () => {
    const request = open(`${GATE}/upload`, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' } });
    const arrived = new Promise<string>((resolve) => {
      upstream.answer((up, response) => {
        response.write('begun ');
        up.once('data', (chunk: Buffer) => resolve(chunk.toString()));
        up.resume().on('end', () => response.end('ended'));
      });
    });
    request.write('first');
    expect(await arrived).toBe('first');
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const [begun] = (await once(answer, 'data')) as [Buffer];
    expect(begun.toString()).toBe('begun ');
    request.end('last');
    expect(await textOf(answer)).toBe('ended');
  });

  test('may be large, both ways', async () => {
    const body = randomBytes(24 * 1024 * 1024);
    upstream.answer((request, response) => void request.pipe(response));
    const request = open(`${GATE}/x`, { method: 'POST', headers: { 'content-type': 'application/octet-stream' } });
    request.end(body);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const hash = createHash('sha256');
    for await (const chunk of answer) hash.update(chunk as Buffer);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(body).digest('hex'));
  });
});

describe('what comes back', () => {
  test('is the upstream’s answer, byte for byte', async () => {
    upstream.answer((_request, response) => {
      response.writeHead(418, 'Short', {
        'content-type': 'text/x-tea',
        'x-pot': ['1', '2'],
        'cache-control': 'max-age=5',
      });
      response.end('tea');
    });
    const { status, headers, text } = await call(`${GATE}/x`);
    expect([status, text]).toEqual([418, 'tea']);
    expect(headers).toMatchObject({ 'content-type': 'text/x-tea', 'x-pot': '1, 2', 'cache-control': 'max-age=5' });
  });

  test('is not kept by caches unless the upstream says so', async () => {
    expect((await call(`${GATE}/x`)).headers['cache-control']).toBe('no-store');
  });

  test('sets no cookie, runs nothing in a browser, and does not tell what made it', async () => {
    upstream.answer((_request, response) => {
      response.writeHead(200, {
        'set-cookie': ['claviger_session=theirs; Path=/', 'a=b'],
        server: 'upstream/1',
        'x-powered-by': 'upstream',
        'keep-alive': 'timeout=99',
        'content-type': 'text/html',
      });
      response.end('<script>alert(1)</script>');
    });
    const { headers } = await call(`${GATE}/x`);
    for (const name of ['set-cookie', 'server', 'x-powered-by']) expect(headers[name]).toBeUndefined();
    expect(headers['keep-alive']).not.toBe('timeout=99');
    expect(headers['content-security-policy']).toBe('sandbox');
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  test.each([204, 304])('has no body with status %d', async (wanted) => {
    upstream.answer((_request, response) => response.writeHead(wanted, { etag: '"1"' }).end());
    const { status, headers, text } = await call(`${GATE}/x`);
    expect([status, headers['etag'], text]).toEqual([wanted, '"1"', '']);
  });

  test('tells with HEAD how long it would be', async () => {
    upstream.answer((_request, response) => response.writeHead(200, { 'content-length': '7' }).end());
    const { status, headers, text } = await call(`${GATE}/x`, { method: 'HEAD' });
    expect([status, headers['content-length'], text]).toEqual([200, '7', '']);
  });

  test('is asked for once, also when the upstream is busy', async () => {
    let asked = 0;
    upstream.answer((_request, response) => {
      asked++;
      response.writeHead(503, { 'retry-after': '0' }).end('busy');
    });
    const { status, text } = await call(`${GATE}/x`);
    expect([status, text, asked]).toEqual([503, 'busy', 1]);
  });

  test('leaves the upstream when the client leaves', async () => {
    const left = new Promise<void>((resolve) =>
      upstream.answer((_request, response) => {
        response.write('x'.repeat(1000));
        response.on('close', resolve);
      }),
    );
    const request = open(`${GATE}/x`);
    request.end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    answer.destroy();
    await left;
  });
});

describe('an upstream', () => {
  test('that is down is 502 in the envelope, after the caller was found good', async () => {
    const gone = await startUpstream();
    const [gate, to] = await gateBefore(gone.url);
    await gone.close();
    const answer = await call(`${GATE}/x`, { to });
    expect([...codeOf(answer), answer.headers['retry-after']]).toEqual([502, 250116, '2']);
    expect(codeOf(await call(`${GATE}/x`, { to, method: 'POST' }, 'body'))).toEqual([502, 250116]);
    expect(codeOf(await call(`${GATE}/x`, { to, headers: { authorization: 'Bearer x' } }))).toEqual([401, 250114]);
    await gate.app.close();
  });

  test('that breaks off before it answers is 502', async () => {
    upstream.answer((request) => request.socket.destroy());
    expect(codeOf(await call(`${GATE}/x`))).toEqual([502, 250116]);
    expect(codeOf(await call(`${GATE}/x`, { method: 'POST' }, 'x'.repeat(100_000)))).toEqual([502, 250116]);
  });

  test('that speaks no HTTP is 502', async () => {
    upstream.answer((request) => request.socket.end('hello\r\n\r\n'));
    expect(codeOf(await call(`${GATE}/x`))).toEqual([502, 250116]);
  });

  test('that breaks off in the midst breaks our answer off, so that nobody takes a part for the whole', async () => {
    upstream.answer((request, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' });
      response.write('part', () => request.socket.destroy());
    });
    const request = open(`${GATE}/x`);
    request.end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    await expect(textOf(answer)).rejects.toThrow('aborted');
  });

  test('that is silent for too long is 504', async () => {
    const [gate, to] = await gateBefore(upstream.url, { 'gateway.responseTimeout': 300 });
    upstream.answer(() => undefined);
    expect(codeOf(await call(`${GATE}/x`, { to }))).toEqual([504, 250116]);
    const uploading = open(`${GATE}/x`, { to, method: 'POST' });
    // More than lies in the buffers on the way: what is left is in our hands.
    uploading.write(Buffer.alloc(32 * 1024 * 1024));
    const [answer] = (await once(uploading, 'response')) as [IncomingMessage];
    expect(answer.statusCode).toBe(504);
    expect(answer.headers.connection).toBe('close');
    answer.resume();
    uploading.destroy();
    await gate.app.close();
  });

  test('whose name nobody knows is 502', async () => {
    const [gate, to] = await gateBefore('http://upstream.invalid');
    expect(codeOf(await call(`${GATE}/x`, { to }))).toEqual([502, 250116]);
    await gate.app.close();
  });

  test('whose certificate nobody vouches for is 502', async () => {
    const impostor = await startUpstream({ tls: true });
    const [gate, to] = await gateBefore(impostor.url);
    expect(codeOf(await call(`${GATE}/x`, { to }))).toEqual([502, 250116]);
    await gate.app.close();
    await impostor.close();
  });

  test('that is not configured is 404, but first is asked who calls', async () => {
    const [gate, to] = await gateBefore(null);
    expect(codeOf(await call(`${GATE}/x`, { to, headers: { authorization: [] } }))).toEqual([401, 250114]);
    expect(codeOf(await call(`${GATE}/x`, { to }))).toEqual([404, 250130]);
    await gate.app.close();
  });
});

describe('the gateway', () => {
  test('is for access tokens alone', async () => {
    const refused: [Record<string, string | string[]>, number][] = [
      [{ authorization: [] }, 401],
      [{ authorization: platformHeaders(api.system, 'alice')['authorization'] ?? '' }, 401],
      [basic('alice', PASSWORD), 401],
      [{ 'x-devops-uid': 'bob' }, 403],
      [{ 'x-devops-uid': 'a b' }, 400],
      [{ authorization: [], 'x-devops-uid': 'alice' }, 401],
    ];
    for (const [headers, status] of refused) expect((await call(`${GATE}/x`, { headers })).status).toBe(status);
    expect((await call(`${GATE}/x?access_token=${alice.token}`)).status).toBe(400);
  });

  test('takes a session neither for a proof nor for a contradiction: browsers send it along to everything', async () => {
    const cookie = cookieFrom((await api.call('POST', '/auth/api/user/login', { as: alice.basic })).headers);
    expect((await call(`${GATE}/x`, { headers: cookie })).status).toBe(200);
    expect(upstream.last.headers.cookie).toBeUndefined();
    expect((await call(`${GATE}/x`, { headers: { ...cookie, authorization: [] } })).status).toBe(401);
  });

  test('is closed to locked users', async () => {
    const bob = await aUser(api, 'bob');
    expect((await call(`${GATE}/x`, { headers: bob.bearer })).status).toBe(200);
    await api.platform.lockUser(OPERATOR, { userId: 'bob', locked: true });
    expect(codeOf(await call(`${GATE}/x`, { headers: bob.bearer }))).toEqual([423, 250250]);
  });

  test.each([
    '/../admin',
    '/x/../../admin',
    '/..',
    '/.',
    '/%2e%2e/admin',
    '/.%2E/admin',
    '/%252e%252e/admin',
    '/..%2fadmin',
    '/x%2f..%2f..%2fadmin',
    '/..%5cadmin',
    '/..\\admin',
    '/..;/admin',
    '/..;x=y/admin',
    '/%zz',
    '/x#y',
  ])('leads nowhere else: %s', async (path) => {
    let asked = false;
    upstream.answer((_request, response) => {
      asked = true;
      response.end();
    });
    const lines = Object.entries(alice.bearer).map(([name, value]) => `${name}: ${value}\r\n`);
    const answer = await sendRaw(
      port,
      `GET ${GATE}${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`,
    );
    expect(codeOf(answer)).toEqual([400, 250106]);
    expect(asked).toBe(false);
  });

  test.each(['http://evil.example/ms/openapi/api/apigw/x', '/ms/%6fpenapi/api/apigw/x'])(
    'takes its path in one spelling: not %s',
    async (target) => {
      const socket = connect(port, '127.0.0.1');
      const lines = Object.entries(alice.bearer).map(([name, value]) => `${name}: ${value}\r\n`);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${lines.join('')}\r\n`);
      expect((await readAnswer(socket)).status).toBe(400);
    },
  );

  test('names with dots are no way out', async () => {
    await call(`${GATE}/.x/x..y/v1.2`);
    expect(upstream.last.url).toBe('/api/apigw/.x/x..y/v1.2');
  });

  test('writes no secret into the log, nor the path', async () => {
    api.lines.length = 0;
    upstream.answer((_request, response) => response.end());
    await call(`${GATE}/secret-path?access_token=${alice.token}`, { headers: { authorization: [] } });
    upstream.answer((request) => request.socket.destroy());
    await call(`${GATE}/secret-path?access_token=${alice.token}`, { headers: { authorization: [] } });
    upstream.answer((request, response) => {
      response.write('part', () => request.socket.destroy());
    });
    const request = open(`${GATE}/secret-path`);
    request.end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    await textOf(answer).catch(() => undefined);
    await call('/health/live');
    const log = JSON.stringify(api.lines);
    expect(log).toContain(`${GATE}/*`);
    expect(log).toContain('alice');
    for (const secret of [alice.token, alice.token.slice(4, 20), 'secret-path']) expect(log).not.toContain(secret);
  });
});
