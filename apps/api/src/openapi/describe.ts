import { ERROR_CATALOGUE, renderText, type CatalogueEntry, type ErrorCode } from '@claviger/domain';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { Access } from '../caller/access.js';
import { HTTP_ERRORS, type HttpErrorCode } from '../errors/http-errors.js';
import { STATUS } from '../errors/status.js';
import type { Field, Operation } from './operations.js';
import { APP_ID, CREDENTIAL_STATUS, envelopeOf, GRANT_TYPE, ref, type Schema } from './schemas.js';

type AnyErrorCode = ErrorCode | HttpErrorCode;
export type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Parameter = NonNullable<OperationObject['parameters']>[number];

export const SECURITY_SCHEMES = {
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
} as const;

const SECURITY: Readonly<Record<Access, Record<string, string[]>[]>> = {
  open: [],
  user: [{ platform: [], user: [] }],
  user_optional: [{ platform: [] }, { platform: [], user: [] }],
};

/** What the parts of a path are, by their names in the routes. */
const PATH_FIELDS: Readonly<Record<string, Field>> = {
  appId: { schema: APP_ID, description: 'The account, in any letter case.' },
  accessKey: { schema: { type: 'string' }, description: 'The public half of the key pair.' },
  secretKey: { schema: { type: 'string' }, description: 'The secret half of the key pair.' },
  type: { schema: GRANT_TYPE, description: 'What the credential is for.' },
  status: { schema: CREDENTIAL_STATUS, description: 'What the credential shall be.' },
};

/** What a route may refuse by what it is, whatever it does. */
const REFUSED: Readonly<Record<Access | 'with_body', readonly AnyErrorCode[]>> = {
  open: ['fault'],
  user_optional: [
    'fault',
    'request_malformed',
    'authentications_conflict',
    'user_headers_conflict',
    'access_token_empty',
    'caller_unknown',
    'account_not_allowed',
    'account_locked',
    'user_locked',
    'database_unavailable',
    'url_too_long',
    'headers_too_large',
  ],
  user: ['user_header_missing'],
  with_body: ['body_too_large', 'media_type_unknown'],
};

/** One operation of the document. @param joint the path as the document has it, which may name its parts otherwise */
export function describe(path: string, joint: string, operation: Operation, access: Access): OperationObject {
  const refuses = [
    ...operation.refuses,
    ...(access === 'open' ? REFUSED.open : REFUSED.user_optional),
    ...(access === 'user' ? REFUSED.user : []),
    ...(operation.body ? REFUSED.with_body : []),
  ];
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: SECURITY[access],
    parameters: [
      ...parametersOf(path, joint),
      ...fields('query', operation.query),
      ...fields('header', operation.headers),
      { name: 'Accept-Language', in: 'header', schema: { type: 'string', examples: ['zh'] }, description: 'en or zh.' },
    ],
    ...(operation.body
      ? { requestBody: { required: true, content: json(operation.body.schema, operation.body) } }
      : {}),
    responses: { ...successOf(operation), ...refusalsOf(refuses) },
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

function successOf({ status, data, example, answerHeaders = {} }: Operation): OperationObject['responses'] {
  const body = { code: 0, message: '', data: example, traceId: TRACE_ID };
  const content = json(envelopeOf(data), { example: body });
  return { [status ?? 200]: { description: 'Done.', headers: { ...answerHeaders }, content } };
}

/** One answer for each status, with an example for each error that it stands for. */
function refusalsOf(codes: readonly AnyErrorCode[]): OperationObject['responses'] {
  const responses: OperationObject['responses'] = {};
  for (const status of new Set(codes.map(statusOf))) {
    const here = [...new Set(codes)].filter((code) => statusOf(code) === status);
    const examples = Object.fromEntries(here.map((code) => [code, { value: exampleOf(code) }]));
    responses[status] = {
      description: here.join(', '),
      content: { 'application/json': { schema: ref('Refusal'), examples } },
    };
  }
  return responses;
}

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const EXAMPLE_DETAILS = { field: 'appId', rule: 'required', grantType: 'PLATFORM' };

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

function json(schema: Schema, { example }: { readonly example: unknown }) {
  return { 'application/json': { schema, examples: { example: { value: example } } } };
}
