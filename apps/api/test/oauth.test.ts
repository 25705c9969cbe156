import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountJson, CredentialJson } from '@claviger/application';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import * as client from 'openid-client';
import { platformHeaders } from './answer.js';
import { freshFolder, killAll, startFirst, type ApiProcess, type Setting } from './api-process.js';
import { browserAt, type BrowserStandIn } from './browser-stand-in.js';
import { PASSWORD } from './known-user.js';

const REDIRECT = 'https://calendar.example/back';

let postgres: TestServer;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const settings: readonly [string, () => Promise<Setting['env']>][] = [
  ['SQLite', async () => ({})],
  ['PostgreSQL', async () => ({ CLAVIGER_DATABASE_URL: (await postgres.freshDatabase()).url })],
];

describe.each(settings)('the authorization server on %s', (_name, databaseOf) => {
  let folder: ReturnType<typeof freshFolder>;
  let api: ApiProcess;
  let admin: Record<string, string>;
  let apps = 0;

  beforeAll(async () => {
    folder = freshFolder();
    const first = await startFirst({ cwd: folder.cwd, env: (await databaseOf()) ?? {} });
    [api, admin] = [first, platformHeaders(first.system, 'admin')];
    for (const userId of ['alice', 'bob'])
      await api.call('POST', '/auth/api/user/create', { as: admin, body: { userId, password: PASSWORD } });
  }, 60_000);
  afterAll(async () => {
    await killAll();
    folder.remove();
  });

  interface App {
    readonly appId: string;
    readonly credential: CredentialJson;
    readonly config: client.Configuration;
  }

  const anApp = async (method = client.ClientSecretPost): Promise<App> => {
    const appId = `calendar-${++apps}`;
    const body = {
      appId,
      authorizationGrantTypes: ['AUTHORIZATION_CODE'],
      homepageUrl: 'https://calendar.example/',
      redirectUri: REDIRECT,
      scope: ['PROJECT', 'REPO', 'SYSTEM'],
    };
    const { body: made } = await api.call('POST', '/auth/api/account/create', { as: admin, body });
    const [credential] = (made.data as AccountJson).credentials;
    if (!credential) throw new Error('The account has no credential.');
    const secret = credential.secretKey;
    const config = await client.discovery(new URL(`${api.address}/oauth`), appId, secret, method(secret), {
      execute: [client.allowInsecureRequests],
    });
    return { appId, credential, config };
  };

  const loggedIn = async (userId = 'alice'): Promise<BrowserStandIn> => {
    const browser = browserAt(api.address);
    const body = JSON.stringify({ userId, password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    const { status } = await browser.request('/auth/api/user/login', { method: 'POST', headers, body });
    expect(status).toBe(200);
    return browser;
  };

  const VERIFIER = client.randomPKCECodeVerifier();
  const ask = async ({ config }: App, scope = 'openid PROJECT', more: Record<string, string> = {}): Promise<URL> =>
    client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope,
      state: 'state-1',
      code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
      code_challenge_method: 'S256',
      ...more,
    });

  const decide = async (browser: BrowserStandIn, allow: boolean): Promise<Response> =>
    browser.request('/consent/decision', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ allow }),
    });

  /** From the first request to the address with which the browser returns to the application. */
  const consented = async (app: App, browser: BrowserStandIn, asked: URL, allow = true): Promise<URL> => {
    const { left } = await browser.follow(asked.href);
    expect(left?.pathname).toBe('/consent');
    const answer = await decide(browser, allow);
    const { data } = (await answer.json()) as { data: { location: string } };
    const back = (await browser.follow(data.location)).left;
    if (!back) throw new Error(`${app.appId} was not returned to.`);
    return back;
  };

  const redeem = (app: App, back: URL) =>
    client.authorizationCodeGrant(app.config, back, { pkceCodeVerifier: VERIFIER, expectedState: 'state-1' });
  const refusal = async (doing: Promise<unknown>): Promise<string> => {
    const error = await doing.then(() => null).catch((refused: unknown) => refused);
    return error instanceof client.ResponseBodyError ? error.error : String(error);
  };
  const isActive = async (app: App, token: string): Promise<boolean> =>
    (await client.tokenIntrospection(app.config, token)).active;

  test.each([
    ['in the body', client.ClientSecretPost],
    ['in the header', client.ClientSecretBasic],
  ])('lets openid-client come from login to tokens, its secret %s, refresh and revoke', async (_how, method) => {
    const [app, browser] = [await anApp(method), await loggedIn()];
    const asked = await ask(app, 'openid offline_access PROJECT', { prompt: 'consent' });
    const tokens = await redeem(app, await consented(app, browser, asked));
    expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: app.appId, iss: `${api.address}/oauth` });
    expect(tokens.scope).toBe('openid offline_access PROJECT');
    expect(await client.fetchUserInfo(app.config, tokens.access_token, 'alice')).toEqual({ sub: 'alice' });
    const refreshed = await client.refreshTokenGrant(app.config, String(tokens.refresh_token));
    expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);
    await client.tokenRevocation(app.config, String(refreshed.refresh_token));
    expect(await isActive(app, refreshed.access_token)).toBe(false);
  });

  test('lets the whole family die when a refresh token comes back that was used', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const asked = await ask(app, 'openid offline_access PROJECT', { prompt: 'consent' });
    const { refresh_token: old = '' } = await redeem(app, await consented(app, browser, asked));
    const { refresh_token: fresh = '' } = await client.refreshTokenGrant(app.config, old);
    expect(await refusal(client.refreshTokenGrant(app.config, old))).toBe('invalid_grant');
    expect(await refusal(client.refreshTokenGrant(app.config, fresh))).toBe('invalid_grant');
  });

  test('tells the page what is asked, and asks again for more and not for less', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const told = async (scope: string) => {
      await browser.follow((await ask(app, scope)).href);
      const answer = await browser.request('/consent/request');
      return ((await answer.json()) as { data: Record<string, unknown> }).data;
    };
    const first = { appId: app.appId, owner: 'admin', homepageHost: 'calendar.example', userId: 'alice' };
    expect(await told('openid PROJECT')).toMatchObject({ ...first, scope: ['openid', 'PROJECT'], given: false });
    await decide(browser, true);
    expect(await told('openid PROJECT')).toMatchObject({ given: true });
    expect(await told('openid PROJECT REPO')).toMatchObject({ given: false });
  });

  test('says that the user refused', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const back = await consented(app, browser, await ask(app), false);
    expect(Object.fromEntries(back.searchParams)).toMatchObject({ error: 'access_denied', state: 'state-1' });
  });

  test('lets nobody agree from another site, nor without being logged in', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    await browser.follow((await ask(app)).href);
    const headers = { 'content-type': 'application/json', 'sec-fetch-site': 'cross-site' };
    const decision = (by: BrowserStandIn) =>
      by.request('/consent/decision', { method: 'POST', headers, body: '{"allow":true}' });
    expect((await decision(browser)).status).toBe(403);
    const stranger = browserAt(api.address);
    await stranger.follow((await ask(app)).href);
    expect((await decision(stranger)).status).toBe(401);
  });

  test('grants SYSTEM to admins alone', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    await browser.follow((await ask(app, 'openid SYSTEM')).href);
    expect((await decide(browser, true)).status).toBe(403);
  });

  test.each([
    ['without PKCE', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
    ['with the plain method', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['for a token without a code', { response_type: 'token' }, 'unsupported_response_type'],
    ['for more than the account may', { scope: 'openid NODE' }, 'invalid_scope'],
  ])('refuses to be asked %s', async (_how, more, error) => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const asked = await ask(app, 'openid', more);
    for (const [name, value] of Object.entries(more)) if (value === '') asked.searchParams.delete(name);
    const { left } = await browser.follow(asked.href);
    expect(left?.href).toContain(`error=${error}`);
  });

  test.each([
    `${REDIRECT}/`,
    `${REDIRECT}?x=1`,
    'https://calendar.example/',
    'http://calendar.example/back',
    'https://calendar.example:444/back',
    'https://calendar.example@evil.example/back',
    'https://calendar.example.evil.example/back',
    'https://calendar.example/BACK',
    'https://calendar.example/x/../back',
    'https://evil.example/',
    'javascript:alert(1)',
    '',
  ])('sends nobody to %j', async (redirect) => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const { left, last } = await browser.follow((await ask(app, 'openid', { redirect_uri: redirect })).href);
    expect({ left, status: last.status }).toEqual({ left: null, status: 400 });
    const page = await last.text();
    expect(page).not.toContain('evil');
    expect(last.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('refuses a wrong verifier, and the code stays good', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const back = await consented(app, browser, await ask(app));
    const wrong = { pkceCodeVerifier: client.randomPKCECodeVerifier(), expectedState: 'state-1' };
    expect(await refusal(client.authorizationCodeGrant(app.config, back, wrong))).toBe('invalid_grant');
    expect((await redeem(app, back)).access_token).toBeTruthy();
  });

  test('refuses the code of another client', async () => {
    const [app, other, browser] = [await anApp(), await anApp(), await loggedIn()];
    const back = await consented(app, browser, await ask(app));
    expect(await refusal(redeem(other, back))).toBe('invalid_grant');
  });

  test('redeems a code once; whoever replays it ends its tokens', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const back = await consented(app, browser, await ask(app));
    const { access_token: token } = await redeem(app, back);
    expect(await isActive(app, token)).toBe(true);
    expect(await refusal(redeem(app, back))).toBe('invalid_grant');
    expect(await isActive(app, token)).toBe(false);
  });

  test('gives one set of tokens to fifty who redeem one code at once', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const back = await consented(app, browser, await ask(app));
    const answers = await Promise.all(Array.from({ length: 50 }, () => refusal(redeem(app, back))));
    const refused = answers.filter((error) => error === 'invalid_grant');
    expect(refused.length).toBe(49);
  });

  test('takes no disabled credential', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const back = await consented(app, browser, await ask(app));
    const { accessKey } = app.credential;
    await api.call('PUT', `/auth/api/account/credential/${app.appId}/${accessKey}/DISABLE`, { as: admin });
    expect(await refusal(redeem(app, back))).toContain('invalid_client');
  });

  test('lets tokens die at once when the user uninstalls the application, and nobody else’s', async () => {
    const [app, alices, bobs] = [await anApp(), await loggedIn(), await loggedIn('bob')];
    const { access_token: mine } = await redeem(app, await consented(app, alices, await ask(app)));
    const { access_token: theirs } = await redeem(app, await consented(app, bobs, await ask(app)));
    const headers = { 'sec-fetch-site': 'same-origin' };
    const path = `/auth/api/account/uninstall/${app.appId}`;
    expect((await alices.request(path, { method: 'DELETE', headers })).status).toBe(200);
    expect([await isActive(app, mine), await isActive(app, theirs)]).toEqual([false, true]);
  });

  test('knows no client of a locked account', async () => {
    const [app, browser] = [await anApp(), await loggedIn()];
    const body = { appId: app.appId, authorizationGrantTypes: ['AUTHORIZATION_CODE'], locked: true };
    await api.call('PUT', '/auth/api/account/update', { as: admin, body });
    expect((await browser.follow((await ask(app)).href)).last.status).toBe(400);
  });
});
