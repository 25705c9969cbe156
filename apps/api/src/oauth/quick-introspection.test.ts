import { OPERATOR, parseUserId, type UserCaller } from '@claviger/domain';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { listen } from '../../test/raw-http.js';
import { seal } from './sealed-payload.js';

const ALICE: UserCaller = { kind: 'user', userId: parseUserId('alice'), admin: false, account: null };
const TOKEN = 't'.repeat(43);
const HOUR = 3_600_000;

let api: ApiOverMemory;
let address: string;
let secret: string;

beforeAll(async () => {
  api = await apiOverMemory();
  address = `http://127.0.0.1:${await listen(api)}/oauth/token/introspection`;
  const { keyPairs } = await api.platform.createAccount(OPERATOR, {
    appId: 'calendar',
    authorizationGrantTypes: ['AUTHORIZATION_CODE'],
    homepageUrl: 'https://calendar.example/',
    redirectUri: 'https://calendar.example/back',
    scope: ['PROJECT'],
  });
  secret = String(keyPairs[0]?.secretKey);
  await api.platform.createUser(OPERATOR, { userId: 'alice' });
  await api.platform.authorizeAccount(ALICE, { appId: 'calendar', scope: ['PROJECT'] });
  const whose = { grantId: 'grant', userId: 'alice', appId: 'calendar', scope: ['PROJECT'] } as const;
  const payload = { clientId: 'calendar', accountId: 'alice', exp: 2, iat: 1, scope: 'PROJECT', grantId: 'grant' };
  for (const [kind, id] of [
    ['Grant', 'grant'],
    ['AccessToken', TOKEN],
  ] as const) {
    const expiresAt = api.clock.now() + HOUR;
    await api.platform.oauthArtifacts.put({ kind, id, ...whose, payload: seal(kind, id, payload), expiresAt });
  }
});
afterAll(() => api.app.close());

const ask = async (body: string, { as = `calendar:${secret}`, more = {} }: { as?: string; more?: object } = {}) => {
  const authorization = `Basic ${Buffer.from(as).toString('base64')}`;
  const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded', ...more };
  const answer = await fetch(address, { method: 'POST', headers, body });
  return { status: answer.status, told: (await answer.json()) as { readonly active?: boolean } };
};

test('what is usual is answered without the library, and nothing else is', async () => {
  // The library could not answer so: it looks for its client first.
  api.swap({ findClient: () => Promise.reject(new Error('The library is at work.')) });
  expect(await ask(`token=${TOKEN}`)).toEqual({
    status: 200,
    told: {
      active: true,
      sub: 'alice',
      client_id: 'calendar',
      exp: 2,
      iat: 1,
      iss: expect.stringMatching(/\/oauth$/),
      scope: 'PROJECT',
      token_type: 'Bearer',
    },
  });
  for (const unusual of [
    ask(`token=${TOKEN}&unknown=1`),
    ask(`token=${TOKEN}x`),
    ask(`token=${'x'.repeat(43)}`),
    ask(`token=${TOKEN}`, { as: `calendar:${secret}x` }),
    ask(`token=${TOKEN}`, { as: `other:${secret}` }),
    ask(`token=${TOKEN}`, { more: { origin: 'https://elsewhere.example' } }),
    ask(`token=${TOKEN}`, { more: { authorization: '' } }),
  ])
    expect((await unusual).told).not.toHaveProperty('active');
});
