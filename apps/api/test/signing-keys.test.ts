import { createPublicKey, verify, type JsonWebKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { OPERATOR, PUBLISHED_AFTER, PUBLISHED_BEFORE } from '@claviger/domain';
import * as client from 'openid-client';
import { KEYS_ARE_KEPT } from '../src/oauth/current-provider.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { browserAt } from './browser-stand-in.js';
import { aUser, PASSWORD } from './known-user.js';

const REDIRECT = 'https://calendar.example/back';
const JSON_BODY = { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' };

let api: ApiOverMemory;
let address: string;
let skipped = 0;
beforeAll(async () => {
  api = await apiOverMemory();
  address = await api.server.listen({ host: '127.0.0.1', port: 0 });
  const now = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => now() + skipped);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await api.app.close();
});

/** The time that any process takes to hear of other keys. */
const pass = () => (skipped += KEYS_ARE_KEPT);

const published = async () => {
  const answer = await fetch(`${address}/oauth/jwks`);
  return ((await answer.json()) as { keys: (JsonWebKey & { kid: string })[] }).keys;
};
const kidOf = (idToken: string): string =>
  (JSON.parse(Buffer.from(idToken.split('.')[0] ?? '', 'base64url').toString()) as { kid: string }).kid;

/** As whoever gets the token does: with the published key of that name. */
const isBelieved = async (idToken: string): Promise<boolean> => {
  const jwk = (await published()).find(({ kid }) => kid === kidOf(idToken));
  const [head, body, signature = ''] = idToken.split('.');
  const signed = Buffer.from(`${head}.${body}`);
  return jwk !== undefined && verify('sha256', signed, createPublicKey({ key: jwk, format: 'jwk' }), bytes(signature));
};
const bytes = (text: string) => Buffer.from(text, 'base64url');

/** Alice uses the calendar. Gives what gets her another ID token each time. */
async function signedIn(): Promise<() => Promise<string>> {
  await aUser(api, 'alice');
  const { keyPairs } = await api.platform.createAccount(OPERATOR, {
    appId: 'calendar',
    authorizationGrantTypes: ['AUTHORIZATION_CODE'],
    homepageUrl: 'https://calendar.example/',
    redirectUri: REDIRECT,
    scope: ['PROJECT'],
  });
  const config = await client.discovery(new URL(`${address}/oauth`), 'calendar', keyPairs[0]?.secretKey, undefined, {
    execute: [client.allowInsecureRequests],
  });
  const verifier = client.randomPKCECodeVerifier();
  const asked = client.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT,
    scope: 'openid offline_access PROJECT',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const browser = browserAt(address);
  const post = (url: string, body: object) =>
    browser.request(url, { method: 'POST', headers: JSON_BODY, body: JSON.stringify(body) });
  await post('/auth/api/user/login', { userId: 'alice', password: PASSWORD });
  await browser.follow(asked.href);
  const shown = (await (await browser.request('/consent/request')).json()) as { data: { id: string } };
  const decision = await post('/consent/decision', { id: shown.data.id, allow: true });
  const decided = (await decision.json()) as { data: { location: string } };
  const { left } = await browser.follow(decided.data.location);
  let tokens = await client.authorizationCodeGrant(config, left ?? asked, { pkceCodeVerifier: verifier });
  return async () => {
    tokens = await client.refreshTokenGrant(config, String(tokens.refresh_token));
    return String(tokens.id_token);
  };
}

describe('keys that sign ID tokens', () => {
  const kids = async () => (await published()).map(({ kid }) => kid);
  beforeEach(async () => {
    await api.renew();
    // What was there before is still known for a while.
    pass();
  });

  test('change over without a token that cannot be verified', async () => {
    const sign = await signedIn();
    const first = await sign();
    await api.platform.replaceSigningKey(OPERATOR, { atOnce: false });
    expect(await kids()).toEqual([kidOf(first)]);
    pass();
    const [, next] = await kids();
    expect(await kids()).toEqual([kidOf(first), next]);
    expect(kidOf(await sign())).toBe(kidOf(first));

    api.clock.advance(PUBLISHED_BEFORE);
    pass();
    const second = await sign();
    expect([kidOf(second), await kids()]).toEqual([next, [next, kidOf(first)]]);
    expect([await isBelieved(first), await isBelieved(second)]).toEqual([true, true]);

    api.clock.advance(PUBLISHED_AFTER);
    pass();
    expect(await kids()).toEqual([next]);
    expect([await isBelieved(first), await isBelieved(second)]).toEqual([false, true]);
  });

  test('are withdrawn in an emergency, and the new one signs, within a minute', async () => {
    const sign = await signedIn();
    const leaked = await sign();
    await api.platform.replaceSigningKey(OPERATOR, { atOnce: true });
    pass();
    const fresh = await sign();
    expect(await kids()).toEqual([kidOf(fresh)]);
    expect(kidOf(fresh)).not.toBe(kidOf(leaked));
    expect(await api.platform.listSigningKeys(OPERATOR)).toMatchObject([{ key: { id: kidOf(fresh) } }]);
    expect([await isBelieved(leaked), await isBelieved(fresh)]).toEqual([false, true]);
  });

  test('are not published by a process that cannot look whether they still are', async () => {
    expect((await fetch(`${address}/oauth/jwks`)).status).toBe(200);
    api.breakWith(new Error('the database is away'));
    pass();
    expect((await fetch(`${address}/oauth/jwks`)).status).toBe(500);
  });
});
