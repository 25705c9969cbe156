import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { OPERATOR, parseUserId, type GrantType } from '@claviger/domain';
import { anAuthorization, anAuthorizationEvent } from '@claviger/testing';
import type { OpenAPIObject } from '@nestjs/swagger';
import { platformHeaders, type CallOptions } from '../../test/answer.js';
import { aPlatform, apiOverMemory, type ApiOverMemory } from '../../test/api-over-memory.js';
import { documentSchemas, type DocumentSchemas } from '../../test/document-schemas.js';
import { openApiDocument } from '../openapi/document.js';

const CALLERS = ['nobody', 'user', 'owner', 'admin', 'platform', 'platformWithoutSystem'] as const;
type CallerName = (typeof CALLERS)[number];

interface Fixture {
  readonly appId: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

interface Row {
  readonly call: string;
  /** The route as the OpenAPI document has it. */
  readonly path: string;
  readonly method: string;
  readonly grants: readonly GrantType[];
  readonly url: (fixture: Fixture) => string;
  readonly body?: (fixture: Fixture) => unknown;
  /** Of nobody, a user, the owner, an admin, a platform that names no user, and an admin's through one without SYSTEM. */
  readonly answers: readonly [string, string, string, string, string, string];
}

const NOBODY = '401 250114';
const FORBIDDEN_USER = '403 250236';
const FORBIDDEN_ACCOUNT = '403 250237';
const MISSING = '404 250213';

/** Behind the guard nobody and a platform without a user are nobody, and a platform without SYSTEM may do nothing. */
const who = (user: string, owner: string, admin: string): Row['answers'] => [
  NOBODY,
  user,
  owner,
  admin,
  NOBODY,
  FORBIDDEN_ACCOUNT,
];
/** The check calls alone need no user. */
const CHECK: Row['answers'] = [NOBODY, '200 0', '200 0', '200 0', '200 0', FORBIDDEN_ACCOUNT];

const CODE: readonly GrantType[] = ['AUTHORIZATION_CODE'];
const PLATFORM: readonly GrantType[] = ['PLATFORM'];
const statement = (appId: string, grants: readonly GrantType[], scope: readonly string[] = ['PROJECT']) => ({
  appId,
  authorizationGrantTypes: grants,
  homepageUrl: 'http://localhost',
  redirectUri: 'http://localhost/redirect',
  scope,
});

const on = (method: string, path: string, grants: readonly GrantType[]) => ({ method, path, grants });

const ROOT = '/auth/api/account';
const CREDENTIAL = `${ROOT}/credential`;
const TWO_PARTS = `${CREDENTIAL}/{accessKey_or_appId}/{accessKey_or_secretKey_or_type}`;
const THREE_PARTS = `${CREDENTIAL}/{appId}/{accessKey}/{secretKey_or_status}`;

const ROWS: readonly Row[] = [
  {
    call: 'opens an account for users',
    ...on('POST', `${ROOT}/create`, CODE),
    url: () => `${ROOT}/create`,
    body: ({ appId }) => statement(`${appId}.new`, CODE),
    answers: who('201 0', '201 0', '201 0'),
  },
  {
    call: 'opens a platform account',
    ...on('POST', `${ROOT}/create`, CODE),
    url: () => `${ROOT}/create`,
    body: ({ appId }) => statement(`${appId}.new`, ['AUTHORIZATION_CODE', 'PLATFORM']),
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '201 0'),
  },
  {
    call: 'opens an account with scope SYSTEM',
    ...on('POST', `${ROOT}/create`, CODE),
    url: () => `${ROOT}/create`,
    body: ({ appId }) => statement(`${appId}.new`, CODE, ['SYSTEM']),
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '201 0'),
  },
  {
    call: 'opens an account whose appId is taken',
    ...on('POST', `${ROOT}/create`, CODE),
    url: () => `${ROOT}/create`,
    body: ({ appId }) => statement(appId.toUpperCase(), CODE),
    answers: who('409 250212', '409 250212', '409 250212'),
  },
  {
    call: 'amends an account',
    ...on('PUT', `${ROOT}/update`, CODE),
    url: () => `${ROOT}/update`,
    body: ({ appId }) => statement(appId, CODE),
    answers: who(MISSING, '200 0', '200 0'),
  },
  {
    call: 'amends a platform account',
    ...on('PUT', `${ROOT}/update`, PLATFORM),
    url: () => `${ROOT}/update`,
    body: ({ appId }) => statement(appId, CODE),
    answers: who(MISSING, FORBIDDEN_USER, '200 0'),
  },
  {
    call: 'makes an account a platform account',
    ...on('PUT', `${ROOT}/update`, CODE),
    url: () => `${ROOT}/update`,
    body: ({ appId }) => statement(appId, PLATFORM),
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '200 0'),
  },
  {
    call: 'gives an account the scope SYSTEM',
    ...on('PUT', `${ROOT}/update`, CODE),
    url: () => `${ROOT}/update`,
    body: ({ appId }) => statement(appId, CODE, ['SYSTEM']),
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '200 0'),
  },
  {
    call: 'amends an account that is not there',
    ...on('PUT', `${ROOT}/update`, CODE),
    url: () => `${ROOT}/update`,
    body: ({ appId }) => statement(`${appId}.gone`, CODE),
    answers: who(MISSING, MISSING, MISSING),
  },
  {
    call: 'deletes an account',
    ...on('DELETE', `${ROOT}/delete/{appId}`, CODE),
    url: ({ appId }) => `${ROOT}/delete/${appId}`,
    answers: who(MISSING, '200 0', '200 0'),
  },
  {
    call: 'deletes a platform account',
    ...on('DELETE', `${ROOT}/delete/{appId}`, PLATFORM),
    url: ({ appId }) => `${ROOT}/delete/${appId}`,
    answers: who(MISSING, FORBIDDEN_USER, '200 0'),
  },
  {
    call: 'uninstalls what the owner alone authorized',
    ...on('DELETE', `${ROOT}/uninstall/{appId}`, CODE),
    url: ({ appId }) => `${ROOT}/uninstall/${appId}`,
    answers: who('404 250252', '200 0', '404 250252'),
  },
  {
    call: 'uninstalls what is not there',
    ...on('DELETE', `${ROOT}/uninstall/{appId}`, CODE),
    url: ({ appId }) => `${ROOT}/uninstall/${appId}.gone`,
    answers: who('404 250252', '404 250252', '404 250252'),
  },
  {
    call: 'lists all accounts',
    ...on('GET', `${ROOT}/list`, CODE),
    url: () => `${ROOT}/list`,
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '200 0'),
  },
  {
    call: 'lists its own accounts',
    ...on('GET', `${ROOT}/own/list`, CODE),
    url: () => `${ROOT}/own/list`,
    answers: who('200 0', '200 0', '200 0'),
  },
  {
    call: 'lists the accounts it authorized',
    ...on('GET', `${ROOT}/authorized/list`, CODE),
    url: () => `${ROOT}/authorized/list`,
    answers: who('200 0', '200 0', '200 0'),
  },
  {
    call: 'shows an account',
    ...on('GET', `${ROOT}/detail/{appId}`, PLATFORM),
    url: ({ appId }) => `${ROOT}/detail/${appId}`,
    answers: who(MISSING, '200 0', '200 0'),
  },
  {
    call: 'shows an account by another letter case',
    ...on('GET', `${ROOT}/detail/{appId}`, PLATFORM),
    url: ({ appId }) => `${ROOT}/detail/${appId.toUpperCase()}`,
    answers: who(MISSING, '200 0', '200 0'),
  },
  {
    call: 'lists the credentials of an account',
    ...on('GET', `${CREDENTIAL}/list/{appId}`, PLATFORM),
    url: ({ appId }) => `${CREDENTIAL}/list/${appId}`,
    answers: who(MISSING, '200 0', '200 0'),
  },
  {
    call: 'adds a credential',
    ...on('POST', TWO_PARTS, CODE),
    url: ({ appId }) => `${CREDENTIAL}/${appId}/AUTHORIZATION_CODE`,
    answers: who(MISSING, '201 0', '201 0'),
  },
  {
    call: 'adds a platform credential',
    ...on('POST', TWO_PARTS, PLATFORM),
    url: ({ appId }) => `${CREDENTIAL}/${appId}/PLATFORM`,
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '201 0'),
  },
  {
    call: 'adds a platform credential to what is no platform account',
    ...on('POST', TWO_PARTS, CODE),
    url: ({ appId }) => `${CREDENTIAL}/${appId}/PLATFORM`,
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '422 250234'),
  },
  {
    call: 'adds a platform credential, as deployed clients do',
    ...on('POST', `${CREDENTIAL}/{appId}`, PLATFORM),
    url: ({ appId }) => `${CREDENTIAL}/${appId}`,
    answers: who(FORBIDDEN_USER, FORBIDDEN_USER, '201 0'),
  },
  {
    call: 'adds a credential, as deployed clients do',
    ...on('POST', `${CREDENTIAL}/{appId}`, CODE),
    url: ({ appId }) => `${CREDENTIAL}/${appId}?type=AUTHORIZATION_CODE`,
    answers: who(MISSING, '201 0', '201 0'),
  },
  {
    call: 'deletes the last credential of a type',
    ...on('DELETE', TWO_PARTS, CODE),
    url: ({ appId, accessKey }) => `${CREDENTIAL}/${appId}/${accessKey}`,
    answers: who(MISSING, '409 250232', '409 250232'),
  },
  {
    call: 'deletes a credential of a platform account',
    ...on('DELETE', TWO_PARTS, PLATFORM),
    url: ({ appId, accessKey }) => `${CREDENTIAL}/${appId}/${accessKey}`,
    answers: who(MISSING, FORBIDDEN_USER, '409 250232'),
  },
  {
    call: 'deletes a credential that is not there',
    ...on('DELETE', TWO_PARTS, CODE),
    url: ({ appId, accessKey }) => `${CREDENTIAL}/${appId}/${accessKey}x`,
    answers: who(MISSING, '404 250251', '404 250251'),
  },
  {
    call: 'disables a credential',
    ...on('PUT', THREE_PARTS, PLATFORM),
    url: ({ appId, accessKey }) => `${CREDENTIAL}/${appId}/${accessKey}/DISABLE`,
    answers: who(MISSING, '200 0', '200 0'),
  },
  {
    call: 'enables a credential',
    ...on('PUT', THREE_PARTS, CODE),
    url: ({ appId, accessKey }) => `${CREDENTIAL}/${appId}/${accessKey}/ENABLE`,
    answers: who(MISSING, '200 0', '200 0'),
  },
  {
    call: 'enables a platform credential',
    ...on('PUT', THREE_PARTS, PLATFORM),
    url: ({ appId, accessKey }) => `${CREDENTIAL}/${appId}/${accessKey}/ENABLE`,
    answers: who(MISSING, FORBIDDEN_USER, '200 0'),
  },
  {
    call: 'changes a credential that is not there',
    ...on('PUT', THREE_PARTS, CODE),
    url: ({ appId, accessKey }) => `${CREDENTIAL}/${appId}/${accessKey}x/DISABLE`,
    answers: who(MISSING, '404 250251', '404 250251'),
  },
  {
    call: 'checks a key pair of an account',
    ...on('GET', THREE_PARTS, CODE),
    url: ({ appId, accessKey, secretKey }) => `${CREDENTIAL}/${appId}/${accessKey}/${secretKey}`,
    answers: CHECK,
  },
  {
    call: 'checks a key pair of an account that is not there',
    ...on('GET', THREE_PARTS, CODE),
    url: ({ appId, accessKey, secretKey }) => `${CREDENTIAL}/${appId}.gone/${accessKey}/${secretKey}`,
    answers: CHECK,
  },
  {
    call: 'asks whose key pair it is',
    ...on('GET', TWO_PARTS, CODE),
    url: ({ accessKey, secretKey }) => `${CREDENTIAL}/${accessKey}/${secretKey}`,
    answers: CHECK,
  },
  {
    call: 'checks a key pair in a body',
    ...on('POST', `${CREDENTIAL}/check`, CODE),
    url: () => `${CREDENTIAL}/check`,
    body: (given) => given,
    answers: CHECK,
  },
  {
    call: 'asks in a body whose key pair it is',
    ...on('POST', `${CREDENTIAL}/check`, CODE),
    url: () => `${CREDENTIAL}/check`,
    body: ({ accessKey, secretKey }) => ({ accessKey, secretKey }),
    answers: CHECK,
  },
];

let api: ApiOverMemory;
let schemas: DocumentSchemas;
let headersOf: Record<CallerName, CallOptions['as']>;
let made = 0;

beforeAll(async () => {
  api = await apiOverMemory();
  schemas = documentSchemas(JSON.parse(JSON.stringify(openApiDocument(api.app, '1.0.0'))) as OpenAPIObject);
  const weak = await aPlatform(api, 'weak', ['PROJECT', 'REPO', 'NODE']);
  headersOf = {
    nobody: {},
    user: platformHeaders(api.system, 'bob'),
    owner: platformHeaders(api.system, 'alice'),
    admin: platformHeaders(api.system, 'admin'),
    platform: platformHeaders(api.system),
    platformWithoutSystem: platformHeaders(weak, 'admin'),
  };
});
afterAll(() => api.app.close());

/** An account that alice owns and authorized, fresh for every call. */
async function freshFixture(grants: readonly GrantType[]): Promise<Fixture> {
  const appId = `app-${++made}`;
  const { account, keyPairs } = await api.platform.createAccount(OPERATOR, statement(appId, grants), 'alice');
  const authorization = anAuthorization({ userId: parseUserId('alice'), accountId: account.id });
  await api.database.unitOfWork.run(({ authorizations }) => authorizations.put(authorization, anAuthorizationEvent()));
  const [key] = keyPairs;
  if (!key) throw new Error('The account has no key.');
  return { appId, accessKey: key.accessKey, secretKey: key.secretKey };
}

describe.each(ROWS)('who $call', ({ method, path, grants, url, body, answers }) => {
  test.each(CALLERS.map((name, at) => [name, answers[at]] as const))('%s: %s', async (name, expected) => {
    const given = await freshFixture(grants);
    const sent = { as: headersOf[name], ...(body ? { body: body(given) } : {}) };
    const answer = await api.call(method, url(given), sent);
    expect(`${answer.status} ${answer.body.code}`).toBe(expected);
    expect(schemas.errorsOf({ method, path, status: answer.status, body: answer.body })).toEqual([]);
  });
});

test('every route of the API stands in this table', () => {
  const document = openApiDocument(api.app, '1.0.0');
  const routes = Object.entries(document.paths)
    .filter(([path]) => path.startsWith(ROOT))
    .flatMap(([path, item]) =>
      ['get', 'post', 'put', 'delete'].filter((method) => method in item).map((method) => `${method} ${path}`),
    );
  const told = new Set(ROWS.map(({ method, path }) => `${method.toLowerCase()} ${path}`));
  expect(routes.filter((route) => !told.has(route))).toEqual([]);
});
