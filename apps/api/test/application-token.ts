import { createHash } from 'node:crypto';
import { OPERATOR, SCOPES, type Scope } from '@claviger/domain';
import type { ApiOverMemory } from './api-over-memory.js';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const [APP, REDIRECT, VERIFIER] = ['helper', 'https://helper.example/back', 'v'.repeat(43)];

/** The access token of an application that the session's user lets act for them, by the way that leads there. */
export async function applicationToken(
  api: ApiOverMemory,
  { cookie = '' }: Readonly<Record<string, string>>,
  scope: readonly Scope[],
): Promise<string> {
  const account = { appId: APP, homepageUrl: REDIRECT, redirectUri: REDIRECT, scope: SCOPES };
  const { keyPairs } = await api.platform.createAccount(OPERATOR, {
    ...account,
    authorizationGrantTypes: ['AUTHORIZATION_CODE'],
  });
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: APP,
    redirect_uri: REDIRECT,
    scope: ['openid', ...scope].join(' '),
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const browser = [cookie, ...(await cookiesOf(api, `/oauth/auth?${asked.toString()}`))].join('; ');
  const { body: shown } = await api.call('GET', '/consent/request', { as: { cookie: browser } });
  const decision = { id: (shown.data as { id: string }).id, allow: true };
  const { body } = await api.call('POST', '/consent/decision', { as: { cookie: browser }, body: decision });
  const { location } = body.data as { location: string };
  const { headers } = await api.call('GET', new URL(location).pathname, { as: { cookie: browser } });
  const redeemed = new URLSearchParams({
    grant_type: 'authorization_code',
    code: new URL(String(headers['location'])).searchParams.get('code') ?? '',
    redirect_uri: REDIRECT,
    code_verifier: VERIFIER,
    client_id: APP,
    client_secret: keyPairs[0]?.secretKey ?? '',
  });
  const { text } = await api.call('POST', '/oauth/token', { headers: FORM, body: redeemed.toString() });
  return (JSON.parse(text) as { access_token: string }).access_token;
}

/** What a browser that goes there is told to keep, as it sends it back. */
export async function cookiesOf(api: ApiOverMemory, url: string): Promise<readonly string[]> {
  const { headers } = await api.call('GET', url);
  return [headers['set-cookie'] ?? []].flat().map((line) => String(line).split(';')[0] ?? '');
}
