import { describe, expect, test } from '@jest/globals';
import type { AccountJson, CredentialJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { platformHeaders, type Call } from './answer.js';

/** An API with the user `admin` and a platform account with scope SYSTEM. */
export interface FreshApi {
  readonly call: Call;
  readonly system: KeyPair;
}

/** The body that the original documentation sends to create and update, to the letter. */
const STATEMENT = {
  appId: 'string',
  locked: false,
  authorizationGrantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
  homepageUrl: 'http://localhost',
  redirectUri: 'http://localhost/redirect',
  scope: ['PROJECT', 'REPO', 'NODE'],
  avatarUrl: 'string',
  description: 'string',
};

const DATE: unknown = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
const DONE = { code: 0, message: '', traceId: expect.stringMatching(/^[0-9a-f]{32}$/) };
const CLEAR: unknown = expect.stringMatching(/^csk_[0-9A-Za-z]{49}$/);
const MASKED: unknown = expect.stringMatching(/^csk_[0-9A-Za-z]{4}\*{5}$/);

const credentialLike = (type: string, secretKey = CLEAR) => ({
  accessKey: expect.stringMatching(/^cak_[0-9A-Za-z]{30}$/),
  secretKey,
  createdAt: DATE,
  status: 'ENABLE',
  authorizationGrantType: type,
  expiresAt: null,
  lastUsedAt: null,
  lastUsedFrom: null,
  supersededBy: null,
});

const accountLike = (secretKey = CLEAR) => ({
  id: expect.any(String),
  ...STATEMENT,
  credentials: [credentialLike('PLATFORM', secretKey), credentialLike('AUTHORIZATION_CODE', secretKey)],
  owner: 'admin',
  createdDate: DATE,
  lastModifiedDate: DATE,
});

/** Every example of the original documentation answers in the documented shape, and its old console works unchanged. */
export function originalExamples(prefix: string, open: () => FreshApi): void {
  const account = `${prefix}/auth/api/account`;
  const call: Call = (method, path, options) =>
    open().call(method, `${account}${path}`, { as: platformHeaders(open().system, 'admin'), ...options });

  async function created(): Promise<AccountJson> {
    const { body, status } = await call('POST', '/create', { body: STATEMENT });
    expect(status).toBe(201);
    return body.data as AccountJson;
  }

  async function keys(type: string): Promise<CredentialJson> {
    const { body } = await call('POST', `/credential/string/${type}`);
    const [one] = body.data as [CredentialJson];
    return one;
  }

  describe(`the original's documentation, served under ${prefix || '/'}`, () => {
    test('creates an account, and shows its secrets', async () => {
      const { status, body, headers } = await call('POST', '/create', { body: STATEMENT });
      expect({ status, body }).toEqual({ status: 201, body: { ...DONE, data: accountLike() } });
      expect(headers['cache-control']).toBe('no-store');
    });

    test('updates it, and says true', async () => {
      await created();
      const { status, body } = await call('PUT', '/update', { body: STATEMENT });
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data: true } });
    });

    test('deletes it', async () => {
      await created();
      const { status, body } = await call('DELETE', '/delete/string');
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data: true } });
      expect((await call('GET', '/detail/string')).status).toBe(404);
    });

    test('has nothing to uninstall for a user who authorized nothing', async () => {
      await created();
      const { status, body } = await call('DELETE', '/uninstall/string');
      expect({ status, code: body.code }).toEqual({ status: 404, code: 250252 });
    });

    test.each(['/list', '/own/list'])('lists accounts with their credentials at %s', async (path) => {
      await created();
      const { status, body } = await call('GET', path);
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data: expect.any(Array) } });
      const listed = body.data as AccountJson[];
      expect(listed.find(({ appId }) => appId === 'string')).toEqual(accountLike(MASKED));
    });

    test('lists what the user authorized', async () => {
      const { status, body } = await call('GET', '/authorized/list');
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data: [] } });
    });

    test('lists the key pairs of an account', async () => {
      await created();
      const { status, body } = await call('GET', '/credential/list/string');
      const data = [credentialLike('PLATFORM', MASKED), credentialLike('AUTHORIZATION_CODE', MASKED)];
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data } });
    });

    test.each(['PLATFORM', 'AUTHORIZATION_CODE'])('adds a key pair for %s, in a list', async (type) => {
      await created();
      const { status, body } = await call('POST', `/credential/string/${type}`);
      expect({ status, body }).toEqual({ status: 201, body: { ...DONE, data: [credentialLike(type)] } });
    });

    test('deletes a key pair', async () => {
      await created();
      const { accessKey } = await keys('PLATFORM');
      const { status, body } = await call('DELETE', `/credential/string/${accessKey}`);
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data: true } });
    });

    test('checks a key pair of an account', async () => {
      await created();
      const { accessKey, secretKey } = await keys('PLATFORM');
      const { status, body } = await call('GET', `/credential/string/${accessKey}/${secretKey}`);
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data: true } });
      const wrong = await call('GET', `/credential/string/${accessKey}/${secretKey}x`);
      expect(wrong).toMatchObject({ status: 200, body: { ...DONE, data: false } });
    });

    test.each([
      ['DISABLE', false],
      ['ENABLE', true],
    ])('turns a key pair to %s', async (to, good) => {
      await created();
      const { accessKey, secretKey } = await keys('PLATFORM');
      const { status, body } = await call('PUT', `/credential/string/${accessKey}/${to}`);
      expect({ status, body }).toEqual({ status: 200, body: { ...DONE, data: true } });
      const checked = await call('GET', `/credential/string/${accessKey}/${secretKey}`);
      expect(checked.body.data).toBe(good);
    });
  });

  describe(`the original's console, served under ${prefix || '/'}`, () => {
    test.each([
      ['without a body', {}],
      ['with a type of content but none of it', { headers: { 'content-type': 'application/json' } }],
      ['with the type of a form', { headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ])('adds a key pair by a query, %s', async (_how, options) => {
      await created();
      const { status, body } = await call('POST', '/credential/string?type=PLATFORM', options);
      expect({ status, body }).toEqual({ status: 201, body: { ...DONE, data: credentialLike('PLATFORM') } });
      expect((await call('POST', '/credential/string', options)).body.data).toEqual(credentialLike('PLATFORM'));
      const other = await call('POST', '/credential/string?type=AUTHORIZATION_CODE', options);
      expect(other.body.data).toEqual(credentialLike('AUTHORIZATION_CODE'));
    });

    test('sends the whole account back, as it was listed, and changes only what it changed', async () => {
      await created();
      const before = (await call('GET', '/detail/string')).body.data as AccountJson;
      const sent = { ...before, description: 'changed', owner: 'mallory', id: 'other', createdDate: '1999' };
      expect(await call('PUT', '/update', { body: sent })).toMatchObject({ status: 200, body: { data: true } });
      const after = (await call('GET', '/detail/string')).body.data;
      expect(after).toEqual({ ...before, description: 'changed', lastModifiedDate: DATE });
    });

    test('finds the type of each account and when it was made in the list', async () => {
      await created();
      const listed = (await call('GET', '/list')).body.data as AccountJson[];
      expect(listed.map(({ appId }) => appId)).toContain('string');
      for (const one of listed)
        expect(one).toMatchObject({
          authorizationGrantTypes: expect.any(Array),
          createdDate: DATE,
          credentials: expect.any(Array),
        });
    });

    test.each(['application/json', 'text/plain', 'multipart/form-data'])(
      'puts and deletes with the content type %s and no content',
      async (type) => {
        await created();
        const { accessKey } = await keys('PLATFORM');
        const options = { headers: { 'content-type': type } };
        expect((await call('PUT', `/credential/string/${accessKey}/DISABLE`, options)).status).toBe(200);
        expect((await call('DELETE', `/credential/string/${accessKey}`, options)).status).toBe(200);
        expect((await call('DELETE', '/delete/string', options)).status).toBe(200);
      },
    );
  });
}
