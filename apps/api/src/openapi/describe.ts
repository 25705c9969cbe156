import { ERROR_CATALOGUE, renderText, type CatalogueEntry, type ErrorCode, type Scope } from '@claviger/domain';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Access } from '../caller/access.js';
import { BARE_BODY } from '../errors/bare-refusal.js';
import { HTTP_ERRORS, type HttpErrorCode } from '../errors/http-errors.js';
import { STATUS } from '../errors/status.js';
import { OAUTH_PATH } from '../oauth/open-provider.js';
import type { Field, Operation } from './operations.js';
import { APP_ID, CREDENTIAL_STATUS, GRANT_TYPE, USER_ID, type Schema } from './parts.js';
import { envelopeOf, ref } from './schemas.js';

type AnyErrorCode = ErrorCode | HttpErrorCode;
export type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = NonNullable<OperationObject['parameters']>[number];

export const SECURITY_SCHEMES = {
  accessToken: { type: 'apiKey', in: 'query', name: 'access_token', description: 'An access token, as it stands.' },
  bearer: { type: 'http', scheme: 'bearer', description: 'The same access token in a header.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'claviger_session',
    description: 'From `POST /auth/api/user/login`; under https its name is `__Host-claviger_session`.',
  },
  password: { type: 'http', scheme: 'basic', description: 'userId and password.' },
  platform: {
    type: 'apiKey',
    in: 'header',
    name: 'Authorization',
    description: '`Platform ` and the base64 form of `accessKey:secretKey` of a PLATFORM credential.',
  },
  user: {
    type: 'apiKey',
    in: 'header',
    name: 'X-BKREPO-UID',
    description: 'The user whom the platform acts for; `X-DEVOPS-UID` does as well.',
  },
  client: { type: 'http', scheme: 'basic', description: 'appId and secretKey of an AUTHORIZATION_CODE credential.' },
  application: {
    type: 'oauth2',
    description: 'For applications that a user lets act for them; the access token goes into the header alone.',
    flows: {
      authorizationCode: {
        authorizationUrl: `${OAUTH_PATH}/auth`,
        tokenUrl: `${OAUTH_PATH}/token`,
        refreshUrl: `${OAUTH_PATH}/token`,
        scopes: {
          openid: 'Who the user is.',
          offline_access: 'Access while the user is away.',
          SYSTEM: 'This API, as the user; granted by admins alone.',
          PROJECT: 'The user’s projects.',
          REPO: 'The user’s repositories.',
          NODE: 'The user’s files.',
        } satisfies Record<Scope | 'openid' | 'offline_access', string>,
      },
    },
  },
} as const;

const TOKEN = [{ accessToken: [] }, { bearer: [] }];
const BY_USER = [...TOKEN, { session: [] }, { platform: [], user: [] }, { application: ['SYSTEM'] }];

export const SECURITY: Readonly<Record<Access, Record<string, string[]>[]>> = {
  open: [],
  login: [{ password: [] }, {}],
  password_or_session: [{ session: [] }, { password: [] }],
  access_token: [...TOKEN, { application: ['PROJECT', 'REPO', 'NODE'] }],
  user: BY_USER,
  user_optional: [...BY_USER, { platform: [] }],
};

/** What the parts of a path are, by their names in the routes. */
const PATH_FIELDS: Readonly<Record<string, Field>> = {
  appId: { schema: APP_ID, description: 'The account, in any letter case.' },
  accessKey: { schema: { type: 'string' }, description: 'The public half of the key pair.' },
  secretKey: { schema: { type: 'string' }, description: 'The secret half of the key pair.' },
  type: { schema: GRANT_TYPE, description: 'What the credential is for.' },
  userId: { schema: USER_ID, description: 'The user.' },
  id: { schema: { type: 'string' }, description: 'From the list.' },
  eventId: { schema: { type: 'string', examples: ['evt_41'] }, description: 'From the list of deliveries.' },
  status: { schema: CREDENTIAL_STATUS, description: 'What the credential shall be.' },
};

/** What every route may refuse that looks at who is calling. */
const GUARDED: readonly AnyErrorCode[] = [
  'fault',
  'request_malformed',
  'authentications_conflict',
  'user_locked',
  'too_many_requests',
  'database_unavailable',
  'url_too_long',
  'headers_too_large',
];
const BY_TOKEN: readonly AnyErrorCode[] = [
  ...GUARDED,
  'user_headers_conflict',
  'field_invalid',
  'access_token_empty',
  'access_token_illegal',
  'access_token_expired',
  'caller_unknown',
  'user_differs',
];
const BY_ANY: readonly AnyErrorCode[] = [...BY_TOKEN, 'not_allowed', 'account_not_allowed', 'account_locked'];

/** What a route may refuse by who may call it, whatever it does. */
const REFUSED: Readonly<Record<Access, readonly AnyErrorCode[]>> = {
  open: ['fault'],
  login: [...GUARDED, 'caller_unknown', 'not_allowed'],
  password_or_session: [...GUARDED, 'user_headers_conflict', 'field_invalid', 'user_differs', 'not_allowed'],
  access_token: BY_TOKEN,
  user_optional: BY_ANY,
  user: [...BY_ANY, 'user_header_missing'],
};
const WITH_BODY: readonly AnyErrorCode[] = ['body_too_large', 'media_type_unknown'];

/** One operation of the document. @param joint the path as the document has it, which may name its parts otherwise */
export function describe(path: string, joint: string, operation: Operation, access: Access): OperationObject {
  const refuses = [...operation.refuses, ...(operation.body ? WITH_BODY : [])];
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: SECURITY[access].filter((way) => !operation.notFor?.some((scheme) => scheme in way)),
    parameters: [
      ...parametersOf(path, joint),
      ...fields('query', operation.query),
      ...fields('header', operation.headers),
      { name: 'Accept-Language', in: 'header', schema: { type: 'string', examples: ['zh'] }, description: 'en or zh.' },
    ],
    ...(operation.body
      ? { requestBody: { required: !operation.body.optional, content: json(operation.body.schema, operation.body) } }
      : {}),
    responses: { ...successOf(operation), ...refusalsOn(access, refuses) },
  };
}

function parametersOf(path: string, joint: string): Parameter[] {
  const jointNames = namesIn(joint);
  return namesIn(path).map((name, at) => {
    const field = PATH_FIELDS[name];
    if (!field) throw new Error(`The path parameter ${name} of ${path} is not described.`);
    return { name: jointNames[at] ?? name, in: 'path', required: true, ...field };
  });
}

function namesIn(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

function fields(place: 'query' | 'header', given: Operation['query'] = {}): Parameter[] {
  return Object.entries(given).map(([name, field]) => ({ name, in: place, required: false, ...field }));
}

function successOf({
  status,
  bare,
  lines,
  data,
  example,
  answerHeaders = {},
}: Operation): OperationObject['responses'] {
  const body = bare ? example : { code: 0, message: '', data: example, traceId: TRACE_ID };
  const content = lines ? linesOf(data, example) : json(bare ? data : envelopeOf(data), { example: body });
  return { [status ?? 200]: { description: 'Done.', headers: { ...answerHeaders }, content } };
}

/** What a route refuses: by who may call it, and by what it does. */
export function refusalsOn(access: Access, codes: readonly AnyErrorCode[]): OperationObject['responses'] {
  const bare = access === 'password_or_session' ? { 401: BARE } : {};
  return { ...refusalsOf([...codes, ...REFUSED[access]]), ...bare };
}

const BARE = {
  description: 'Nobody has logged in.',
  content: json(ref('BareRefusal'), { example: BARE_BODY }),
};

const SECONDS = { schema: { type: 'integer' }, description: 'In seconds.' };
const RATE_LIMIT = { schema: { type: 'string' }, description: 'See draft-ietf-httpapi-ratelimit-headers.' };

/** Headers that a refusal with that status has. */
export const REFUSAL_HEADERS = {
  401: { 'WWW-Authenticate': { schema: { type: 'string' }, description: 'The schemes that are served.' } },
  403: {
    'WWW-Authenticate': { schema: { type: 'string' }, description: 'For applications: which scope they lack.' },
  },
  429: { 'Retry-After': SECONDS, RateLimit: RATE_LIMIT, 'RateLimit-Policy': RATE_LIMIT },
  502: { 'Retry-After': SECONDS },
  503: { 'Retry-After': SECONDS },
  504: { 'Retry-After': SECONDS },
} as const;

/** One answer for each status, with an example for each error that it stands for. */
function refusalsOf(codes: readonly AnyErrorCode[]): OperationObject['responses'] {
  const responses: OperationObject['responses'] = {};
  for (const status of new Set(codes.map(statusOf))) {
    const here = [...new Set(codes)].filter((code) => statusOf(code) === status);
    const examples = Object.fromEntries(here.map((code) => [code, { value: exampleOf(code) }]));
    responses[status] = {
      description: here.join(', '),
      ...(status in REFUSAL_HEADERS ? { headers: { ...REFUSAL_HEADERS[status as keyof typeof REFUSAL_HEADERS] } } : {}),
      content: { 'application/json': { schema: ref('Refusal'), examples } },
    };
  }
  return responses;
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const EXAMPLE_DETAILS = { field: 'appId', rule: 'required', grantType: 'PLATFORM', expiredAt: 1769933730365, most: 5 };

function exampleOf(code: AnyErrorCode): object {
  const entry = entryOf(code);
  return { code: entry.number, message: renderText(entry, EXAMPLE_DETAILS, 'en'), data: null, traceId: TRACE_ID };
}

function entryOf(code: AnyErrorCode): CatalogueEntry & { readonly status?: number } {
  return code in HTTP_ERRORS ? HTTP_ERRORS[code as HttpErrorCode] : ERROR_CATALOGUE[code as ErrorCode];
}

function statusOf(code: AnyErrorCode): number {
  const { status, kind } = entryOf(code);
  return status ?? STATUS[kind];
}

function linesOf(schema: Schema, example: unknown) {
  return { 'application/x-ndjson': { schema, examples: { line: { value: example } } } };
}

function json(schema: Schema, { example }: { readonly example: unknown }) {
  return { 'application/json': { schema, examples: { example: { value: example } } } };
}
