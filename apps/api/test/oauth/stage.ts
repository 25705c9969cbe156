import { afterAll, beforeAll, expect } from '@jest/globals';
import type { AccountJson, CredentialJson } from '@claviger/application';
import * as client from 'openid-client';
import { platformHeaders } from '../answer.js';
import { freshFolder, killAll, startFirst, type ApiProcess, type Setting } from '../api-process.js';
import { browserAt, type BrowserStandIn } from '../browser-stand-in.js';
import { bearer, PASSWORD } from '../known-user.js';

export const REDIRECT = 'https://calendar.example/back';
export const STATE = 'state-1';
export const VERIFIER = client.randomPKCECodeVerifier();

/** An application that users authorize, with one credential. */
export interface App {
  readonly appId: string;
  readonly credential: CredentialJson;
  readonly config: client.Configuration;
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>;

/** A running API with users and applications, and what happens between them. */
export interface Stage {
  readonly setting: Setting;
  readonly api: ApiProcess;
  /** The headers of an admin. */
  readonly admin: Readonly<Record<string, string>>;
  /** An application of its own for whoever asks. */
  anApp(method?: typeof client.ClientSecretPost): Promise<App>;
  aUser(userId: string): Promise<void>;
  /** As whoever that browser was before, it is no more. */
  logIn(browser: BrowserStandIn, userId: string): Promise<void>;
  /** `alice` and `bob` are there. */
  loggedIn(userId?: string): Promise<BrowserStandIn>;
  /** The address to which an application sends a browser. */
  ask(app: App, scope?: string, more?: Record<string, string>): Promise<URL>;
  decide(browser: BrowserStandIn, allow: boolean): Promise<Response>;
  /** From the first request to the address with which the browser returns to the application. */
  consented(app: App, browser: BrowserStandIn, asked: URL, allow?: boolean): Promise<URL>;
  redeem(app: App, back: URL): Promise<Tokens>;
  /** All of that: a user's tokens for the application. */
  tokens(app: App, browser: BrowserStandIn, scope?: string): Promise<Tokens>;
  isActive(app: App, token: string): Promise<boolean>;
  /** Whether whoever bears the token is told whose it is. */
  serves(token: string): Promise<boolean>;
}

/** Starts with the tests of this block and ends with them: what they need takes longer to start than they take. */
export function oauthStage(databaseOf: () => Promise<Setting['env']>): Stage {
  let folder: ReturnType<typeof freshFolder>;
  let setting: Setting;
  let api: ApiProcess;
  let admin: Readonly<Record<string, string>>;
  let apps = 0;

  beforeAll(async () => {
    folder = freshFolder();
    setting = { cwd: folder.cwd, env: { ...(await databaseOf()), CLAVIGER_LOG_LEVEL: 'trace' } };
    const first = await startFirst(setting);
    [api, admin] = [first, platformHeaders(first.system, 'admin')];
    await Promise.all(['alice', 'bob'].map(aUser));
  }, 60_000);
  afterAll(async () => {
    await killAll();
    folder.remove();
  });

  const aUser = async (userId: string): Promise<void> => {
    const body = { userId, password: PASSWORD };
    expect((await api.call('POST', '/auth/api/user/create', { as: admin, body })).status).toBe(201);
  };

  const anApp: Stage['anApp'] = async (method = client.ClientSecretPost) => {
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

  const logIn: Stage['logIn'] = async (browser, userId) => {
    const body = JSON.stringify({ userId, password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    const { status } = await browser.request('/auth/api/user/login', { method: 'POST', headers, body });
    expect(status).toBe(200);
  };

  const loggedIn: Stage['loggedIn'] = async (userId = 'alice') => {
    const browser = browserAt(api.address);
    await logIn(browser, userId);
    return browser;
  };

  const ask: Stage['ask'] = async ({ config }, scope = 'openid PROJECT', more = {}) =>
    client.buildAuthorizationUrl(config, {
      redirect_uri: REDIRECT,
      scope,
      state: STATE,
      code_challenge: await client.calculatePKCECodeChallenge(VERIFIER),
      code_challenge_method: 'S256',
      ...more,
    });

  const decide: Stage['decide'] = async (browser, allow) => {
    const shown = (await (await browser.request('/consent/request')).json()) as { data: { id: string } | null };
    return browser.request('/consent/decision', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
      body: JSON.stringify({ id: shown.data?.id ?? 'none', allow }),
    });
  };

  const consented: Stage['consented'] = async (app, browser, asked, allow = true) => {
    const { left } = await browser.follow(asked.href);
    expect(left?.pathname).toBe('/consent');
    const answer = await decide(browser, allow);
    const { data } = (await answer.json()) as { data: { location: string } };
    const back = (await browser.follow(data.location)).left;
    if (!back) throw new Error(`${app.appId} was not returned to.`);
    return back;
  };

  const redeem: Stage['redeem'] = (app, back) =>
    client.authorizationCodeGrant(app.config, back, { pkceCodeVerifier: VERIFIER, expectedState: STATE });

  return {
    get setting() {
      return setting;
    },
    get api() {
      return api;
    },
    get admin() {
      return admin;
    },
    anApp,
    aUser,
    logIn,
    loggedIn,
    ask,
    decide,
    consented,
    redeem,
    tokens: async (app, browser, scope = 'openid offline_access PROJECT') => {
      const asked = await ask(app, scope, { prompt: 'consent' });
      return redeem(app, await consented(app, browser, asked));
    },
    isActive: async (app, token) => (await client.tokenIntrospection(app.config, token)).active,
    serves: async (token) => {
      const { status } = await api.call('GET', '/oauth/me', { as: bearer(token) });
      expect([200, 401]).toContain(status);
      return status === 200;
    },
  };
}

/** The protocol's word for why something was refused; `null` when it was not. */
export async function refusal(doing: Promise<unknown>): Promise<string> {
  const error = await doing.then(() => null).catch((refused: unknown) => refused);
  if (error instanceof client.ResponseBodyError) return error.error;
  // With a challenge in a header the library speaks of that instead.
  if (error instanceof client.WWWAuthenticateChallengeError) return error.cause[0]?.parameters.error ?? '';
  return String(error);
}
