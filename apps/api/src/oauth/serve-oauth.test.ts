import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { OPERATOR, PlatformError } from '@claviger/domain';
import { ERROR_PAGE_HEADERS } from '../pages/error-page.js';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { KEYS_ARE_KEPT } from './current-provider.js';
import { OAUTH_ROUTES } from './oauth-routes.js';

const HERE = '127.0.0.1';

const anApi = () =>
  apiOverMemory({
    'http.publicUrl': 'https://id.example/claviger',
    'limits.failures.perKeyAndAddress': 20,
    'limits.failures.window': 60_000,
  });

let api: ApiOverMemory;
beforeAll(async () => {
  api = await anApi();
});
afterAll(() => api.app.close());

const discovery = async (headers: Record<string, string> = {}) => {
  const { status, text } = await api.call('GET', '/oauth/.well-known/openid-configuration', { headers });
  expect(status).toBe(200);
  return JSON.parse(text) as Record<string, unknown>;
};

describe('the authorization server', () => {
  test('stands where the configuration says, whatever a request says', async () => {
    const lies = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    for (const headers of [{}, lies])
      expect(await discovery(headers)).toMatchObject({
        issuer: 'https://id.example/claviger/oauth',
        authorization_endpoint: 'https://id.example/claviger/oauth/auth',
        token_endpoint: 'https://id.example/claviger/oauth/token',
        jwks_uri: 'https://id.example/claviger/oauth/jwks',
      });
  });

  test('offers the code flow with S256 alone, and names itself in its answers', async () => {
    expect(await discovery()).toMatchObject({
      response_types_supported: ['code'],
      response_modes_supported: ['query'],
      grant_types_supported: ['authorization_code', 'refresh_token'],
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      id_token_signing_alg_values_supported: ['RS256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    });
  });

  test('shows of its keys the public half', async () => {
    const { text } = await api.call('GET', '/oauth/jwks');
    const { keys } = JSON.parse(text) as { keys: object[] };
    expect(keys.map((key) => Object.keys(key).toSorted())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
  });

  test.each([
    ['en', {}],
    ['zh-Hans', { 'accept-language': 'zh' }],
    ['en', { 'accept-language': 'zh', cookie: 'claviger_language=en' }],
  ])('shows people in %s what cannot be, in our own page', async (lang, language) => {
    const headers = { accept: 'text/html', ...language };
    const answer = await api.call('GET', '/oauth/auth?client_id=nobody&state=%3Cb%3E', { headers });
    expect(answer).toMatchObject({ status: 400, headers: ERROR_PAGE_HEADERS });
    expect(answer.text).toContain(`<html lang="${lang}"`);
    expect(answer.text).toContain('<code>invalid_client</code>');
    expect(answer.text).toContain('href="/claviger/pages/pages.css"');
    expect(answer.text).not.toMatch(/nobody|<b>/);
  });

  const open = OAUTH_ROUTES.flatMap(({ method, url }) => method.map((one) => `${String(one)} ${url}`));

  test('opens what it tells clients of, and what takes browsers back, and nothing more', async () => {
    const told = Object.values(await discovery()).filter(
      (value): value is string => typeof value === 'string' && value.startsWith('https://id.example/claviger/oauth/'),
    );
    const paths = told.map((address) => new URL(address).pathname.slice('/claviger'.length));
    const untold = ['/oauth/.well-known/openid-configuration', '/oauth/auth/:uid'];
    expect([...paths, ...untold].toSorted()).toEqual(OAUTH_ROUTES.map(({ url }) => url).toSorted());
  });

  test.each(open.filter((one) => !one.startsWith('OPTIONS')))('has %s', async (route) => {
    const [method = '', url = ''] = route.split(' ');
    expect((await api.call(method, url.replace(':uid', 'gone'))).status).not.toBe(404);
  });

  test.each(['reg', 'request', 'session/end', 'session/end/confirm', 'device', 'backchannel', 'nothing'])(
    'has no %s',
    async (path) => {
      for (const method of ['GET', 'POST']) expect((await api.call(method, `/oauth/${path}`)).status).toBe(404);
    },
  );

  test('binds no token to a key, for the API would take it without', async () => {
    expect(await discovery()).not.toHaveProperty('dpop_signing_alg_values_supported');
  });
});

/** Forms that are fine, but that the code or token in them is nobody's. */
const FORMS: readonly [string, Record<string, string>][] = [
  ['/oauth/token', { grant_type: 'refresh_token', refresh_token: 'none' }],
  ['/oauth/token/introspection', { token: 'none' }],
  ['/oauth/token/revocation', { token: 'none' }],
];

async function post(url: string, form: Record<string, string>, remoteAddress = HERE) {
  const payload = new URLSearchParams(form).toString();
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const answer = await api.server.inject({ method: 'POST', url, headers, payload, remoteAddress });
  const { error } = (answer.body ? JSON.parse(answer.body) : {}) as { error?: string };
  return { status: answer.statusCode, error, headers: answer.headers, text: answer.body };
}

async function refusalsTold() {
  await api.platform.writeNotes();
  const found = await api.database.audit.list({ name: 'caller.refused' }, { limit: 100, after: null });
  return found.map(({ subject, details, by }) => [subject.id, details['error'], details['times'], by.address]);
}

describe.each(FORMS)('clients at %s', (url, form) => {
  let secret: string;
  beforeEach(async () => {
    await api.renew();
    const { keyPairs } = await api.platform.createAccount(OPERATOR, {
      appId: 'calendar',
      authorizationGrantTypes: ['AUTHORIZATION_CODE'],
      homepageUrl: 'https://calendar.example/',
      redirectUri: 'https://calendar.example/back',
      scope: ['PROJECT'],
    });
    secret = String(keyPairs[0]?.secretKey);
  });

  const as = (appId: string, presented: string) => ({ ...form, client_id: appId, client_secret: presented });

  test('a wrong secret and a client that is not there are counted by name and address, and told to the audit', async () => {
    for (const appId of ['calendar', 'nobody'])
      expect(await post(url, as(appId, 'wrong'))).toMatchObject({ status: 401, error: 'invalid_client' });
    expect(api.failures.seen).toEqual(['calendar', 'nobody'].map((name) => ({ name, address: HERE })));
    expect(await refusalsTold()).toEqual([[`POST ${url}`, 'caller_unknown', 2, HERE]]);
  });

  test('the right secret is not counted, whatever else is wrong', async () => {
    expect((await post(url, as('calendar', secret))).error).not.toBe('invalid_client');
    expect(api.failures.seen).toEqual([]);
    expect(await refusalsTold()).toEqual([]);
  });

  test('who failed too often waits, right or wrong, and is told how long as OAuth says things; not from elsewhere', async () => {
    for (const name of ['calendar', 'nobody']) api.failures.block({ name, address: HERE }, 41_500);
    for (const [appId, presented] of [
      ['calendar', secret],
      ['calendar', 'wrong'],
      ['nobody', 'wrong'],
    ] as const) {
      const answer = await post(url, as(appId, presented));
      expect(answer).toMatchObject({ status: 429, error: 'too_many_requests' });
      expect(answer.headers).toMatchObject({
        'retry-after': '42',
        'ratelimit-policy': '"failures";q=20;w=60',
        ratelimit: '"failures";r=0;t=42',
        'cache-control': 'no-store',
      });
      expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(['error', 'error_description']);
    }
    expect((await post(url, as('calendar', secret), '192.0.2.2')).status).not.toBe(429);
  });
});

describe('while the database is away', () => {
  const AWAY = { status: 503, error: 'temporarily_unavailable', headers: { 'retry-after': '2' } };

  const tellsSo = () => {
    beforeEach(() => api.breakWith(new PlatformError('database_unavailable')));

    test.each(FORMS)('%s asks clients to come again', async (url, form) => {
      expect(await post(url, { ...form, client_id: 'calendar', client_secret: 'any' })).toMatchObject(AWAY);
      expect(api.lines.filter(({ fault }) => fault !== undefined)).toEqual([]);
    });

    test('people are told in our own page', () => isTold('/oauth/auth?client_id=calendar'));
  };

  const isTold = async (url: string): Promise<void> => {
    const answer = await api.call('GET', url, { headers: { accept: 'text/html' } });
    expect(answer).toMatchObject({ status: 503, headers: { ...ERROR_PAGE_HEADERS, 'retry-after': '2' } });
    expect(answer.headers['content-type']).toMatch(/^text\/html/);
    expect(answer.text).toContain('<code>temporarily_unavailable</code>');
  };

  describe('and the library is open', () => {
    beforeEach(async () => {
      await api.renew();
      await discovery();
    });
    afterEach(() => api.renew());
    tellsSo();
  });

  describe('and the keys are to be looked at again', () => {
    beforeEach(async () => {
      await api.renew();
      await discovery();
      const later = performance.now() + KEYS_ARE_KEPT;
      jest.spyOn(performance, 'now').mockReturnValue(later);
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      await api.renew();
    });
    tellsSo();
  });

  describe('and was so from the first request on', () => {
    let before: ApiOverMemory;
    beforeAll(async () => {
      [before, api] = [api, await anApi()];
    });
    afterAll(async () => {
      await api.app.close();
      api = before;
    });
    tellsSo();

    test('people who come back from the page of consent are too', () => isTold('/oauth/auth/goes-on'));

    test('the first request after that is served', async () => {
      await api.renew();
      expect(await discovery()).toMatchObject({ issuer: 'https://id.example/claviger/oauth' });
    });
  });
});

test('asking for a page of consent proves nothing and is not counted', async () => {
  await api.renew();
  await api.call('GET', '/oauth/auth?client_id=nobody');
  expect(api.failures.seen).toEqual([]);
});
