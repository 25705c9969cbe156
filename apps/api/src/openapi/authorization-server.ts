import type { OpenAPIObject } from '@nestjs/swagger';
import { OAUTH_PATH } from '../oauth/open-provider.js';
import { describe, REFUSAL_HEADERS, refusalsOn, type OperationObject } from './describe.js';
import { CONSENT_OPERATIONS } from './oauth-operations.js';
import {
  EXAMPLE_CHALLENGE,
  EXAMPLE_DISCOVERY,
  EXAMPLE_INTROSPECTION,
  EXAMPLE_KEYS,
  EXAMPLE_REDIRECT,
  EXAMPLE_TOKENS,
} from './oauth-schemas.js';
import type { Field } from './operations.js';
import { ref } from './schemas.js';

// The authorization server speaks its protocol's own language: no envelope, errors of its own, forms for bodies.

type Paths = OpenAPIObject['paths'];
type Responses = OperationObject['responses'];

const ONLY_HERE = { servers: [{ url: '/' }] };
const NOBODY: OperationObject['security'] = [];
/** In the header. The body may carry the two instead, which OpenAPI has no words for. */
const CLIENT: OperationObject['security'] = [{ client: [] }];

/** @param tag the chapter */
export function authorizationServerPaths(tag: string): Paths {
  const told: Paths = {};
  for (const { path, method, operation } of CONSENT_OPERATIONS)
    told[path] = { ...ONLY_HERE, [method]: { tags: [tag], ...describe(path, path, operation, 'user') } };
  for (const [path, item] of Object.entries(PROTOCOL)) {
    const operations = Object.entries(item).map(([method, operation]) => [method, { tags: [tag], ...operation }]);
    told[`${OAUTH_PATH}${path}`] = { ...ONLY_HERE, ...Object.fromEntries(operations) };
  }
  return told;
}

const text = (description: string, example?: string): Field => ({
  schema: { type: 'string', ...(example === undefined ? {} : { examples: [example] }) },
  description,
});
const one = (word: string): Field['schema'] => ({ type: 'string', enum: [word] });

const json = (schema: object, example: unknown, type = 'application/json') => ({
  [type]: { schema, examples: { example: { value: example } } },
});
const done = (schema: object, example: unknown, type?: string): Responses => ({
  200: { description: 'Done.', content: json(schema, example, type) },
});
const wrong = (error: string) => json(ref('OAuthError'), { error, error_description: 'In English.' });
const page = (description: string): Responses[string] => ({
  description,
  content: json({ type: 'string' }, '<!doctype html>', 'text/html'),
});
/** Refused before the protocol has been spoken, and so in the envelope. */
const UNREAD = refusalsOn('open', ['url_too_long', 'headers_too_large']);
const UNREAD_BODY = { ...UNREAD, ...refusalsOn('open', ['body_too_large', 'media_type_unknown']) };
const INVALID: Responses = {
  ...UNREAD_BODY,
  400: { description: 'The request is wrong.', content: wrong('invalid_request') },
  500: { description: 'Our fault.', content: wrong('server_error') },
  503: {
    description: 'The database is away.',
    headers: { ...REFUSAL_HEADERS[503] },
    content: wrong('temporarily_unavailable'),
  },
};
const NO_CLIENT: Responses = {
  ...INVALID,
  401: {
    description: 'The client is unknown, or its secret is no good.',
    headers: { ...REFUSAL_HEADERS[401] },
    content: wrong('invalid_client'),
  },
  429: {
    description: 'Too many wrong secrets.',
    headers: { ...REFUSAL_HEADERS[429] },
    content: wrong('too_many_requests'),
  },
};
const NO_TOKEN: Responses = {
  ...INVALID,
  401: {
    description: 'No access token of an application, or none that is still good.',
    headers: { 'WWW-Authenticate': { schema: { type: 'string' }, description: 'As RFC 6750 says it.' } },
    content: wrong('invalid_token'),
  },
};
const BROWSER: Responses = {
  303: {
    description: 'To the page of consent; or back to the application, with `code` or `error`, `state` and `iss`.',
    headers: { Location: { schema: { type: 'string' }, description: EXAMPLE_REDIRECT } },
  },
  ...UNREAD,
  400: page('Nothing that could be told to the application: a page for people.'),
  503: page('The database is away: a page for people.'),
};

const query = (fields: Readonly<Record<string, Field>>): NonNullable<OperationObject['parameters']> =>
  Object.entries(fields).map(([name, field]) => ({ name, in: 'query', required: false, ...field }));

function form(required: readonly string[], fields: Readonly<Record<string, Field>>) {
  const properties = Object.entries({ ...fields, ...CLIENT_IN_BODY }).map(([name, { schema, description }]) => [
    name,
    { ...schema, description },
  ]);
  const schema = { type: 'object', required: [...required], properties: Object.fromEntries(properties) };
  return { required: true, content: { 'application/x-www-form-urlencoded': { schema } } };
}

const CLIENT_IN_BODY = {
  client_id: text('When the client does not authenticate in the header.'),
  client_secret: text('With it.'),
};

const ANY_TOKEN = {
  token: text('An access or refresh token.'),
  token_type_hint: text('What it is thought to be.', 'access_token'),
};

const userInfo = (id: string): OperationObject => ({
  operationId: id,
  summary: 'Who the user of an access token is',
  description: 'With an access token of an application that was granted `openid`.',
  security: [{ application: ['openid'] }],
  responses: { ...done(ref('Subject'), { sub: 'alice' }), ...NO_TOKEN },
});

const PROTOCOL: Readonly<Record<string, Readonly<Record<string, OperationObject>>>> = {
  '/auth': {
    get: {
      operationId: 'begin_authorization',
      summary: 'An application sends a browser here, to be let act for its user',
      description: 'Authorization code with PKCE (OAuth 2.1), and OpenID Connect.',
      security: NOBODY,
      parameters: query({
        response_type: { schema: one('code'), description: 'No other is served.', required: true },
        client_id: { ...text('The account’s appId, exactly.', 'calendar'), required: true },
        redirect_uri: { ...text('The account’s, exactly.', EXAMPLE_REDIRECT), required: true },
        scope: text('Words between spaces.', 'openid PROJECT'),
        state: text('Comes back as it is.', 'af0ifjsldkj'),
        nonce: text('Comes back in the ID token.'),
        code_challenge: { ...text('Of PKCE.', EXAMPLE_CHALLENGE), required: true },
        code_challenge_method: { schema: one('S256'), description: 'No other is taken.', required: true },
        prompt: text('`consent` asks the user again; `offline_access` needs it.', 'consent'),
      }),
      responses: BROWSER,
    },
  },
  '/auth/{uid}': {
    get: {
      operationId: 'resume_authorization',
      summary: 'Where the browser goes on, once the user has decided',
      description: 'From `location` of the decision; with the cookies that the authorization has set.',
      security: NOBODY,
      parameters: [{ name: 'uid', in: 'path', required: true, ...text('Which authorization.') }],
      responses: BROWSER,
    },
  },
  '/token': {
    post: {
      operationId: 'redeem',
      summary: 'Tokens for a code, or for a refresh token',
      security: CLIENT,
      requestBody: form(['grant_type'], {
        grant_type: {
          schema: { type: 'string', enum: ['authorization_code', 'refresh_token'] },
          description: 'What is redeemed. Each is good once: used again, it ends everything of its grant.',
        },
        code: text('From the address with which the browser came back.'),
        redirect_uri: text('As in the authorization.', EXAMPLE_REDIRECT),
        code_verifier: text('Whose SHA-256 the challenge was.'),
        refresh_token: text('Instead of a code.'),
        scope: text('Less than was granted, with a refresh token.'),
      }),
      responses: { ...done(ref('OAuthTokens'), EXAMPLE_TOKENS), ...NO_CLIENT },
    },
  },
  '/token/introspection': {
    post: {
      operationId: 'introspect',
      summary: 'Whether a token is good, and for what (RFC 7662)',
      description: 'Of the client’s own tokens. Its scope is what is left of what was granted.',
      security: CLIENT,
      requestBody: form(['token'], ANY_TOKEN),
      responses: { ...done(ref('Introspection'), EXAMPLE_INTROSPECTION), ...NO_CLIENT },
    },
  },
  '/token/revocation': {
    post: {
      operationId: 'revoke',
      summary: 'End a token and everything of the same grant (RFC 7009)',
      description: 'The answer is the same for what is no token, or no longer one.',
      security: CLIENT,
      requestBody: form(['token'], ANY_TOKEN),
      responses: { ...done({ type: 'string', maxLength: 0 }, '', 'text/plain'), ...NO_CLIENT },
    },
  },
  '/me': { get: userInfo('show_subject'), post: userInfo('show_subject_by_post') },
  '/jwks': {
    get: {
      operationId: 'list_signing_keys',
      summary: 'The public halves of the keys that sign ID tokens',
      security: NOBODY,
      responses: { ...INVALID, ...done(ref('SigningKeys'), EXAMPLE_KEYS, 'application/jwk-set+json') },
    },
  },
  '/.well-known/openid-configuration': {
    get: {
      operationId: 'discover',
      summary: 'All of this, for clients to find by themselves',
      security: NOBODY,
      responses: { ...INVALID, ...done(ref('Discovery'), EXAMPLE_DISCOVERY) },
    },
  },
};
