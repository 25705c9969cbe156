import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RefusedCall } from '@claviger/application';
import { OPERATOR, parseAppId, PlatformError } from '@claviger/domain';
import { platformHeaders, type Answer } from '../../test/answer.js';
import { aPlatform, apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { aUser, bearer } from '../../test/known-user.js';
import { listen, sendRaw } from '../../test/raw-http.js';

const PATH = '/auth/api/account/credential/check';
const DAY = 86_400_000;

let api: ApiOverMemory;
let port: number;
let counted: string[];

beforeAll(async () => {
  counted = [];
  const count = ({ config, url }: { config: object; url?: string | undefined }, { status }: { status: number }) =>
    void counted.push(`${'access' in config ? 'ordinary' : 'quick'} ${url} ${status}`);
  api = await apiOverMemory({ 'http.trustProxy': true }, { level: 'info', metrics: { count } });
  port = await listen(api);
});
beforeEach(async () => {
  await api.renew();
  counted.length = 0;
});
afterAll(() => api.app.close());

interface Asked {
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly path?: string;
}

/** Over a connection, where the quick way lies. */
async function overTheWire({ headers = {}, body = '', path = PATH }: Asked): Promise<Omit<Answer, 'body'>> {
  const lines = Object.entries({ host: 'here', 'content-length': String(Buffer.byteLength(body)), ...headers });
  const head = [`POST ${path} HTTP/1.1`, 'connection: close', ...lines.map(([name, value]) => `${name}: ${value}`)];
  return sendRaw(port, `${head.join('\r\n')}\r\n\r\n${body}`);
}

/** By injection, which begins with Fastify. */
function injected({ headers = {}, body = '', path = PATH }: Asked): Promise<Answer> {
  const all = { host: 'here', 'content-length': String(Buffer.byteLength(body)), ...headers };
  return api.call('POST', path, { headers: all, body });
}

/** What callers can tell of an answer. */
function toldBy({ status, headers, text }: Omit<Answer, 'body'>) {
  const ofTheConnection = ['date', 'connection'];
  const others = Object.entries({ ...headers, 'content-length': Number(headers['content-length']) }).filter(
    ([name]) => !ofTheConnection.includes(name),
  );
  const told = JSON.parse(text) as { traceId: string };
  expect(told.traceId).toMatch(/^[0-9a-f]{32}$/);
  return { status, headers: Object.fromEntries(others), told: { ...told, traceId: '' } };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const asked = (body: unknown, headers: Record<string, string>): Asked => ({
  headers: { ...JSON_TYPE, ...headers },
  body: typeof body === 'string' ? body : JSON.stringify(body),
});

type Case = (api: ApiOverMemory) => Asked | Promise<Asked>;
const bySystem =
  (bodyOf: (api: ApiOverMemory) => unknown, more: Record<string, string> = {}): Case =>
  (given) =>
    asked(bodyOf(given), { ...platformHeaders(given.system), ...more });

const SUCCESSES: Readonly<Record<string, Case>> = {
  'a good key': bySystem(({ system }) => system),
  'a key of the named account and type': bySystem(({ system }) => ({ ...system, appId: 'CLAVIGER', type: 'PLATFORM' })),
  'a key of another account': bySystem(({ system }) => ({ ...system, appId: 'other' })),
  'a wrong secret': bySystem(({ system }) => ({ ...system, secretKey: `${system.secretKey}x` })),
  'no access key at all': bySystem(({ system }) => ({ ...system, accessKey: '密钥' })),
  'a secret with an escape': bySystem(({ system: { accessKey } }) => `{"accessKey":"${accessKey}","secretKey":"\\""}`),
  'fields that nobody asked for': bySystem(({ system }) => ({ ...system, and: { more: [1] } })),
  'a user who is named': bySystem(({ system }) => system, { 'x-bkrepo-uid': 'admin' }),
  'the type of JSON in full': bySystem(({ system }) => system, { 'content-type': 'application/json; charset=utf-8' }),
  'a trace that was begun elsewhere': bySystem(({ system }) => system, {
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
  }),
  'an access token': async (given) => asked(given.system, (await aUser(given, 'root', { admin: true })).bearer),
  'a disabled key': async (given) => {
    const key = await aPlatform(given, 'shop');
    const { accessKey } = key;
    await given.platform.changeCredentialStatus(OPERATOR, { appId: 'shop', accessKey, status: 'DISABLE' });
    return asked(key, platformHeaders(given.system));
  },
};

const REFUSALS: Readonly<Record<string, Case>> = {
  'a body that is no JSON': bySystem(() => '{"accessKey":'),
  'a body of another form': bySystem(() => [1]),
  'a body that goes too deep': bySystem(() => '['.repeat(40) + ']'.repeat(40)),
  'a body that speaks of prototypes': bySystem(() => '{"__proto__":{"accessKey":"x"}}'),
  'a body that speaks of them in escapes': bySystem(() => String.raw`{"\u005f_proto__":{"accessKey":"x"}}`),
  'a field that is missing': bySystem(({ system }) => ({ accessKey: system.accessKey })),
  'a field of another kind': bySystem(({ system }) => ({ ...system, type: 1 })),
  'a type that does not exist': bySystem(({ system }) => ({ ...system, type: 'X' })),
  'a user who cannot be': bySystem(({ system }) => system, { 'x-bkrepo-uid': '?' }),
  'headers that are too large': bySystem(({ system }) => system, { 'x-long': 'x'.repeat(17_000) }),
  'an unknown key': ({ system }) => asked(system, platformHeaders({ ...system, secretKey: 'x' } as never)),
  'an unknown token': ({ system }) => asked(system, bearer('cat_x')),
  'a session beside a key': bySystem(({ system }) => system, { cookie: 'claviger_session=x' }),
  'an account without the right': async (given) => asked(given.system, platformHeaders(await aPlatform(given, 'shop'))),
  'an ordinary user': async (given) => asked(given.system, (await aUser(given, 'alice')).bearer),
  'a locked account': async (given) => {
    const key = await aPlatform(given, 'shop', ['SYSTEM']);
    await given.platform.lockAccount(OPERATOR, { appId: 'shop', locked: true });
    return asked(given.system, platformHeaders(key));
  },
  'too many failures': async (given) => {
    const wrong = { ...given.system, secretKey: 'x' } as never;
    for (let i = 0; i < 30; i++) await injected(asked({}, platformHeaders(wrong)));
    return asked(given.system, platformHeaders(wrong));
  },
  'a database that is away': async (given) => {
    const at = asked(given.system, platformHeaders(given.system));
    given.breakWith(new PlatformError('database_unavailable'));
    return at;
  },
  'a fault': async (given) => {
    const at = asked(given.system, platformHeaders(given.system));
    const failing = () => Promise.reject(new Error('boom'));
    given.swap({ atOnce: { ...given.platform.atOnce, checkCredential: failing } });
    return at;
  },
};

describe('a check over the wire', () => {
  test.each(Object.entries(SUCCESSES))(
    'is answered as the ordinary way answers it, and quickly: %s',
    async (_name, at) => {
      const request = await at(api);
      const quick = toldBy(await overTheWire(request));
      expect(counted).toEqual([`quick ${PATH} 200`]);
      expect(quick).toEqual(toldBy(await injected(request)));
      expect(quick.status).toBe(200);
      expect(counted).toEqual([`quick ${PATH} 200`, `ordinary ${PATH} 200`]);
    },
  );

  test.each(Object.entries(REFUSALS))('is refused as on the ordinary way, and noted so: %s', async (_name, at) => {
    const request = await at(api);
    const noted: RefusedCall[] = [];
    api.swap({ noteRefusal: (refusal) => void noted.push(refusal) });
    counted.length = 0;
    const headers = { ...request.headers, 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
    const answers = [await overTheWire({ ...request, headers }), await injected({ ...request, headers })];
    const [one, other] = answers.map(toldBy);
    expect(one).toEqual(other);
    expect(one?.status).toBeGreaterThanOrEqual(400);
    expect(counted).toEqual([`ordinary ${PATH} ${one?.status}`, `ordinary ${PATH} ${one?.status}`]);
    const traces = answers.map(({ text }) => (JSON.parse(text) as { traceId: string }).traceId);
    expect(noted.map(({ origin }) => origin.traceId)).toEqual(noted.length > 0 ? traces : []);
    const [first, second] = noted.map((refusal, place) => JSON.stringify(refusal).replaceAll(traces[place] ?? '', ''));
    expect(first).toEqual(second);
    expect(first ?? '198.51.100.7').toContain('198.51.100.7');
  });

  test('tells who called, from the address that the proxy saw', async () => {
    const key = await aPlatform(api, 'shop');
    const headers = { ...platformHeaders(api.system), 'x-forwarded-for': '203.0.113.9, 198.51.100.7' };
    await overTheWire(asked(key, headers));
    await api.platform.writeNotes();
    const appId = parseAppId('claviger');
    const { credentials } = await api.platform.showAccount(OPERATOR, { appId });
    expect(credentials.map(({ lastUsedFrom }) => lastUsedFrom)).toEqual(['198.51.100.7']);
  });

  test.each<[string, Case]>([
    ['a long body', bySystem(({ system }) => ({ ...system, more: 'x'.repeat(1024) }))],
    ['another type', bySystem(({ system }) => system, { 'content-type': 'application/json; charset=UTF-8' })],
    [
      'a token in the address',
      async (given) => {
        const { token } = await aUser(given, 'root', { admin: true });
        return { ...asked(given.system, {}), path: `${PATH}?access_token=${token}` };
      },
    ],
  ])('takes the ordinary way with %s', async (_name, at) => {
    const request = await at(api);
    const answer = toldBy(await overTheWire(request));
    expect(answer.status).toBe(200);
    expect(counted).toEqual([`ordinary ${PATH} 200`]);
    expect(answer).toEqual(toldBy(await injected(request)));
  });

  test('is counted where requests are limited', async () => {
    const taken: string[] = [];
    const allowance = { granted: true, limit: 5, remaining: 4, resetIn: DAY };
    api.limit({ take: async (name) => (taken.push(name), allowance) });
    const answer = await overTheWire((await SUCCESSES['a good key']?.(api)) as Asked);
    expect(answer.headers).toMatchObject({ ratelimit: '"requests";r=4;t=86400' });
    expect(taken).toEqual(['account:claviger']);
  });
});
