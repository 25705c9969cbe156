import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR } from '@claviger/domain';
import { platformHeaders, type Answer } from '../../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { aUser, cookieFrom, type KnownUser } from '../../test/known-user.js';

const REDIRECT = 'https://calendar.example/back?from=claviger';
const CHALLENGE = createHash('sha256').update('a verifier that only the application knows').digest('base64url');
const USUAL = {
  client_id: 'calendar',
  state: 'af0 & ifjsldkj',
  scope: 'openid PROJECT',
  code_challenge: CHALLENGE,
  code_challenge_method: 'S256',
};

let api: ApiOverMemory;
let alice: KnownUser;
let root: KnownUser;

beforeAll(async () => {
  api = await apiOverMemory({ 'http.publicUrl': 'https://id.example/claviger' });
});
beforeEach(async () => {
  await api.renew();
  [alice, root] = [await aUser(api, 'alice'), await aUser(api, 'root', { admin: true })];
  const account = { appId: 'calendar', homepageUrl: 'https://calendar.example', redirectUri: REDIRECT };
  const scope = ['PROJECT', 'REPO', 'SYSTEM'];
  await api.platform.createAccount(OPERATOR, { ...account, scope, authorizationGrantTypes: ['AUTHORIZATION_CODE'] });
});
afterAll(() => api.app.close());

type Asked = Partial<Record<keyof typeof USUAL | 'nonce', string | undefined>>;

function ask(asked: Asked = {}, as: Record<string, string> = alice.bearer, prefix = ''): Promise<Answer> {
  const given = Object.entries({ ...USUAL, ...asked }).filter(
    (pair): pair is [string, string] => pair[1] !== undefined,
  );
  return api.call('GET', `${prefix}/auth/api/oauth/authorize?${new URLSearchParams(given).toString()}`, { as });
}

const dataOf = ({ body }: Answer) => body.data as { redirectUrl: string; scope: readonly string[] };
const parametersOf = (answer: Answer) => Object.fromEntries(new URL(dataOf(answer).redirectUrl).searchParams);
const refusalOf = ({ status, body }: Answer) => [status, body.code, body.message];

describe('the original console’s call', () => {
  test.each(['', '/ms'])('says who grants what to whom, under %s', async (prefix) => {
    const answer = await ask({}, alice.bearer, prefix);
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({
      userId: 'alice',
      appId: 'calendar',
      redirectUrl: expect.any(String),
      scope: ['openid', 'PROJECT'],
    });
  });

  test('leads to our authorization, with the account’s own redirect URI, and to no code', async () => {
    const answer = await ask({ nonce: 'n-1' });
    const { origin, pathname } = new URL(dataOf(answer).redirectUrl);
    expect(origin + pathname).toBe('https://id.example/claviger/oauth/auth');
    expect(parametersOf(answer)).toEqual({
      ...USUAL,
      response_type: 'code',
      redirect_uri: REDIRECT,
      nonce: 'n-1',
    });
    expect(api.database.events.map(({ name }) => name)).not.toContain('authorization.granted');
  });

  test('is taken by session too, and by no platform that acts for the user', async () => {
    const { headers } = await api.call('POST', '/auth/api/user/login', { as: alice.basic });
    expect((await ask({}, cookieFrom(headers))).status).toBe(200);
    expect(refusalOf(await ask({}, platformHeaders(api.system, 'alice')))).toEqual([403, 250113, expect.any(String)]);
  });

  test('offers all that the user could grant to an application that does not say', async () => {
    for (const scope of [undefined, '', ' ']) expect(dataOf(await ask({ scope })).scope).toEqual(['PROJECT', 'REPO']);
    const asAdmin = await ask({ scope: undefined }, root.bearer);
    expect(dataOf(asAdmin).scope).toEqual(['SYSTEM', 'PROJECT', 'REPO']);
    expect(parametersOf(asAdmin)['scope']).toBe('SYSTEM PROJECT REPO');
  });

  test('offers no more than was asked', async () => {
    expect(dataOf(await ask({ scope: 'openid' })).scope).toEqual(['openid']);
  });

  test('asks the user whenever they shall agree to access without them, or nobody would be given it', async () => {
    expect(parametersOf(await ask({ scope: 'openid offline_access REPO' }))).toMatchObject({
      prompt: 'consent',
      scope: 'openid offline_access REPO',
    });
    expect(parametersOf(await ask())).not.toHaveProperty('prompt');
  });

  test.each([
    ['without PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'code_challenge is required.'],
    ['with a verifier for a challenge', { code_challenge: 'short' }, 'code_challenge must be the base64url form of a'],
    ['without a method, which means plain', { code_challenge_method: undefined }, 'code_challenge_method is required.'],
    ['with the plain method', { code_challenge_method: 'plain' }, 'code_challenge_method must be one of S256.'],
    ['without a client', { client_id: undefined }, 'client_id is required.'],
    ['without a state', { state: undefined }, 'state is required.'],
    ['for a word that is no scope', { scope: 'PROJECT everything' }, 'scope must be one of'],
  ])('is refused %s', async (_how, asked, message) => {
    const answer = await ask(asked);
    expect(refusalOf(answer)).toEqual([400, 250105, expect.stringContaining(message)]);
  });

  test('is refused when a parameter comes twice', async () => {
    const url = `/auth/api/oauth/authorize?${new URLSearchParams(USUAL).toString()}&client_id=calendar`;
    expect(refusalOf(await api.call('GET', url, { as: alice.bearer }))).toEqual([
      400,
      250105,
      'client_id must not be given twice.',
    ]);
  });

  test.each(['nobody', 'claviger', 'Calendar'])('knows no client %s', async (client_id) => {
    expect(refusalOf(await ask({ client_id }))).toEqual([404, 250213, expect.any(String)]);
  });

  test('knows no client whose account is locked', async () => {
    await api.platform.lockAccount(OPERATOR, { appId: 'calendar', locked: true });
    expect((await ask()).status).toBe(404);
  });

  test('offers nothing beyond the account’s scope, and SYSTEM to admins alone', async () => {
    expect(refusalOf(await ask({ scope: 'NODE' }))).toEqual([403, 250113, expect.any(String)]);
    expect(refusalOf(await ask({ scope: 'SYSTEM' }))).toEqual([403, 250236, expect.any(String)]);
    expect((await ask({ scope: 'SYSTEM' }, root.bearer)).status).toBe(200);
  });
});
