import { SCOPES } from '@claviger/domain';
import type { AuthorizeJson } from '../oauth/oauth.controller.js';
import { APP_ID, orNull, setOf, USER_ID, type Schemas } from './parts.js';

export const EXAMPLE_CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
export const EXAMPLE_REDIRECT = 'https://calendar.example/back';
export const EXAMPLE_TOKEN = 'EXAMPLE2access0token0of0an0application00000';

const ISSUER = 'https://claviger.example/oauth';
const asked: AuthorizeJson = {
  userId: 'alice',
  appId: 'calendar',
  redirectUrl:
    `${ISSUER}/auth?response_type=code&client_id=calendar` +
    '&redirect_uri=https%3A%2F%2Fcalendar.example%2Fback&state=af0ifjsldkj&scope=openid+PROJECT' +
    `&code_challenge=${EXAMPLE_CHALLENGE}&code_challenge_method=S256`,
  scope: ['openid', 'PROJECT'],
};
export const EXAMPLE_AUTHORIZE = asked;

const QUESTION = 'EXAMPLEquestion-EXAMPLEquestion-EXAMPLEques';

const consent = {
  id: QUESTION,
  appId: 'calendar',
  owner: 'bob',
  homepageHost: 'calendar.example',
  redirectHost: 'calendar.example',
  avatarUrl: 'https://calendar.example/logo.png',
  scope: ['openid', 'PROJECT'],
  userId: 'alice',
  given: false,
};
export const EXAMPLE_CONSENT = consent;
export const EXAMPLE_DECISION = { id: QUESTION, allow: true };
export const EXAMPLE_LOCATION = { location: `${ISSUER}/auth/EXAMPLEinteraction` };

const tokens = {
  access_token: EXAMPLE_TOKEN,
  token_type: 'Bearer',
  expires_in: 3600,
  scope: 'openid offline_access PROJECT',
  refresh_token: 'EXAMPLE2refresh0token0of0an0application0000',
  id_token: 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.EXAMPLE',
};
export const EXAMPLE_TOKENS = tokens;

const introspection = {
  active: true,
  sub: 'alice',
  client_id: 'calendar',
  exp: 1769851199,
  iat: 1769847599,
  iss: ISSUER,
  scope: tokens.scope,
  token_type: 'Bearer',
};
export const EXAMPLE_INTROSPECTION = introspection;

const key = { kty: 'RSA', use: 'sig', alg: 'RS256', kid: 'EXAMPLEkid', e: 'AQAB', n: 'EXAMPLEmodulus' };
export const EXAMPLE_KEYS = { keys: [key] };

const endpoints = {
  issuer: ISSUER,
  authorization_endpoint: `${ISSUER}/auth`,
  token_endpoint: `${ISSUER}/token`,
  userinfo_endpoint: `${ISSUER}/me`,
  introspection_endpoint: `${ISSUER}/token/introspection`,
  revocation_endpoint: `${ISSUER}/token/revocation`,
  jwks_uri: `${ISSUER}/jwks`,
};
const lists = {
  scopes_supported: ['openid', 'offline_access', ...SCOPES],
  response_types_supported: ['code'],
  grant_types_supported: ['authorization_code', 'refresh_token'],
  code_challenge_methods_supported: ['S256'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  id_token_signing_alg_values_supported: ['RS256'],
};
export const EXAMPLE_DISCOVERY = { ...endpoints, ...lists, authorization_response_iss_parameter_supported: true };

const WORDS = ['openid', 'offline_access', ...SCOPES];
const TEXT = { type: 'string' } as const;
const ADDRESS = { type: 'string', format: 'uri' } as const;
const SECONDS = { type: 'integer', description: 'Seconds since 1970, UTC.' } as const;

/** Each of those, as a property of that form. */
const each = <T extends object, S>(names: T, schema: S) =>
  Object.fromEntries(Object.keys(names).map((name) => [name, schema])) as Record<keyof T, S>;

/** Users and the applications that act for them: our own calls, and the protocol's. */
export const OAUTH_SCHEMAS = {
  Authorize: {
    type: 'object',
    required: Object.keys(asked),
    properties: {
      userId: USER_ID,
      appId: APP_ID,
      redirectUrl: { ...ADDRESS, description: 'Where the browser goes to be asked for consent.' },
      scope: setOf(WORDS, { description: 'What would be granted.' }),
    },
    examples: [asked],
  },
  Consent: {
    type: 'object',
    required: Object.keys(consent),
    properties: {
      id: { ...TEXT, description: 'The name of this question to this user.' },
      appId: APP_ID,
      owner: USER_ID,
      homepageHost: TEXT,
      redirectHost: { ...TEXT, description: 'Where the browser goes afterwards.' },
      avatarUrl: orNull({ format: 'uri', description: 'Null when there is none that a page may show.' }),
      scope: setOf(WORDS, { description: 'What is asked for.' }),
      userId: USER_ID,
      given: { type: 'boolean', description: 'The user has agreed to all of this before, and need not be asked.' },
    },
    examples: [consent],
  },
  Decision: {
    type: 'object',
    required: ['id', 'allow'],
    properties: { id: { ...TEXT, description: 'Of the question that was shown.' }, allow: { type: 'boolean' } },
  },
  Location: {
    type: 'object',
    required: ['location'],
    properties: { location: { ...ADDRESS, description: 'Where the browser goes on.' } },
    examples: [EXAMPLE_LOCATION],
  },
  OAuthTokens: {
    type: 'object',
    required: ['access_token', 'token_type', 'expires_in', 'scope'],
    properties: {
      access_token: { ...TEXT, description: 'Opaque: 43 characters.' },
      token_type: { type: 'string', enum: ['Bearer'] },
      expires_in: { type: 'integer', description: 'Seconds.' },
      scope: { ...TEXT, description: 'Words between spaces.' },
      refresh_token: { ...TEXT, description: 'With `offline_access`. Good once; the answer to it has another.' },
      id_token: { ...TEXT, description: 'With `openid`. A signed JWT.' },
    },
    examples: [tokens],
  },
  Introspection: {
    type: 'object',
    description: 'Nothing but `active: false` of what is no token of this client, or no longer good.',
    required: ['active'],
    properties: {
      active: { type: 'boolean' },
      ...each({ sub: '', client_id: '', iss: '', scope: '', token_type: '' }, TEXT),
      exp: SECONDS,
      iat: SECONDS,
    },
    examples: [introspection],
  },
  Subject: { type: 'object', required: ['sub'], properties: { sub: USER_ID }, examples: [{ sub: 'alice' }] },
  SigningKeys: {
    type: 'object',
    required: ['keys'],
    properties: {
      keys: {
        type: 'array',
        items: { type: 'object', required: Object.keys(key), properties: each(key, TEXT), additionalProperties: false },
      },
    },
    examples: [EXAMPLE_KEYS],
  },
  Discovery: {
    type: 'object',
    description: 'With further fields of OpenID Connect Discovery 1.0.',
    required: Object.keys(EXAMPLE_DISCOVERY),
    properties: {
      ...each(endpoints, ADDRESS),
      ...each(lists, { type: 'array', items: TEXT } as const),
      authorization_response_iss_parameter_supported: { type: 'boolean', enum: [true] },
    },
    examples: [EXAMPLE_DISCOVERY],
  },
  OAuthError: {
    type: 'object',
    description: 'As the protocol says it (RFC 6749, 5.2): without envelope.',
    required: ['error'],
    properties: { error: TEXT, error_description: TEXT },
    examples: [{ error: 'invalid_grant', error_description: 'grant request is invalid' }],
  },
} as const satisfies Schemas;
