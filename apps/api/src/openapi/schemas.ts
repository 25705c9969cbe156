import {
  MAX_OVERLAP,
  type AccountJson,
  type AuthorizedAccountJson,
  type CredentialJson,
  type RotationJson,
} from '@claviger/application';
import {
  ACCESS_KEY_PATTERN,
  accessKeyFrom,
  GRANT_TYPES,
  MAX_DESCRIPTION_LENGTH,
  MAX_URL_LENGTH,
  NEVER,
  RETIREMENTS,
  SCOPES,
  SECRET_KEY_PATTERN,
  secretKeyFrom,
} from '@claviger/domain';
import {
  APP_ID,
  CREDENTIAL_STATUS,
  DATE,
  GRANT_TYPE,
  orNull,
  setOf,
  TRACE_ID,
  USER_ID,
  type Schema,
  type Schemas,
} from './parts.js';
import { AUDIT_SCHEMAS } from './audit-schemas.js';
import { OAUTH_SCHEMAS } from './oauth-schemas.js';
import { USER_SCHEMAS } from './user-schemas.js';
import { WEBHOOK_SCHEMAS } from './webhook-schemas.js';

export const ref = (name: keyof typeof SCHEMAS): Schema => ({ $ref: `#/components/schemas/${name}` });
const ADDRESS = { format: 'uri', maxLength: MAX_URL_LENGTH };

export const EXAMPLE_KEY = {
  accessKey: accessKeyFrom('EXAMPLEkey00000000000000'),
  secretKey: secretKeyFrom('EXAMPLEsecret000000000000000000000000000000'),
};

const credential: CredentialJson = {
  ...EXAMPLE_KEY,
  createdAt: '2026-01-31T08:15:30.365Z',
  status: 'ENABLE',
  authorizationGrantType: 'PLATFORM',
  expiresAt: null,
  lastUsedAt: null,
  lastUsedFrom: null,
  supersededBy: null,
};
export const EXAMPLE_CREDENTIAL = credential;
export const EXAMPLE_MASKED: CredentialJson = {
  ...credential,
  secretKey: `${credential.secretKey.slice(0, 8)}*****`,
  expiresAt: '2026-07-31T00:00:00.000Z',
  lastUsedAt: '2026-01-31T09:01:00.000Z',
  lastUsedFrom: '192.0.2.7',
};

const rotation: RotationJson = {
  accessKey: credential.accessKey,
  supersededBy: accessKeyFrom('EXAMPLEnext0000000000000'),
  since: '2026-01-31T08:15:30.365Z',
  retire: 'at',
  overlap: 86_400_000,
  expiresAt: '2026-02-01T08:15:30.365Z',
  lastUsedAt: '2026-01-31T09:01:00.000Z',
  lastUsedFrom: '192.0.2.7',
  stillUsed: true,
};
export const EXAMPLE_ROTATION = rotation;

export const EXAMPLE_STATEMENT = {
  appId: 'bkdevops',
  locked: false,
  authorizationGrantTypes: ['PLATFORM'] as const,
  homepageUrl: 'http://localhost',
  redirectUri: 'http://localhost/redirect',
  scope: ['PROJECT', 'REPO', 'NODE'] as const,
  avatarUrl: 'http://localhost/logo.png',
  description: 'Continuous integration',
};

const account: AccountJson = {
  id: '019c0000-0000-7000-8000-000000000001',
  ...EXAMPLE_STATEMENT,
  credentials: [EXAMPLE_CREDENTIAL],
  owner: 'admin',
  createdDate: '2026-01-31T08:15:30.366Z',
  lastModifiedDate: '2026-01-31T08:15:30.366Z',
};
export const EXAMPLE_ACCOUNT = account;
export const EXAMPLE_LISTED = { ...account, credentials: [EXAMPLE_MASKED] };

const authorization: AuthorizedAccountJson['authorization'] = {
  scope: ['PROJECT'],
  grantedAt: '2026-01-31T08:15:30.365Z',
  lastUsedAt: '2026-01-31T09:01:00.000Z',
};
const authorized: AuthorizedAccountJson = {
  ...account,
  authorizationGrantTypes: ['AUTHORIZATION_CODE'],
  credentials: [],
  authorization,
};
export const EXAMPLE_AUTHORIZED = authorized;

const EXPIRY = {
  type: ['string', 'null'],
  anyOf: [{ format: 'date-time' }, { const: NEVER }, { type: 'null' }],
  description: 'Of the new credential; left out: as the installation is configured.',
};

/** What is sent and answered, with the domain's own limits. */
export const SCHEMAS = {
  AccountStatement: {
    type: 'object',
    description:
      'An account as its caller states it. Unknown fields are ignored; null stands for a field that is left out. ' +
      'Left out of an update, an optional field keeps its value; an empty text takes it away.',
    required: ['appId', 'authorizationGrantTypes'],
    properties: {
      appId: { ...APP_ID, description: 'Unique without regard to case.' },
      locked: { type: ['boolean', 'null'], description: 'Owners may lock; only an admin unlocks.' },
      authorizationGrantTypes: setOf(GRANT_TYPES, { minItems: 1 }),
      homepageUrl: orNull({ ...ADDRESS, description: 'Required for AUTHORIZATION_CODE.' }),
      redirectUri: orNull({ ...ADDRESS, description: 'Required for AUTHORIZATION_CODE; without a fragment.' }),
      avatarUrl: orNull({ maxLength: MAX_URL_LENGTH, description: 'http or https, or a path on the homepage.' }),
      scope: { ...setOf(SCOPES), type: ['array', 'null'], description: 'Not empty for AUTHORIZATION_CODE.' },
      description: orNull({ maxLength: MAX_DESCRIPTION_LENGTH }),
    },
    examples: [EXAMPLE_STATEMENT],
  },
  Account: {
    type: 'object',
    required: Object.keys(account),
    properties: {
      id: { type: 'string', format: 'uuid' },
      appId: APP_ID,
      locked: { type: 'boolean' },
      credentials: { type: 'array', items: { $ref: '#/components/schemas/Credential' } },
      owner: USER_ID,
      authorizationGrantTypes: setOf(GRANT_TYPES, { minItems: 1 }),
      homepageUrl: orNull(ADDRESS),
      redirectUri: orNull(ADDRESS),
      avatarUrl: orNull({ maxLength: MAX_URL_LENGTH }),
      scope: setOf(SCOPES),
      description: orNull({ maxLength: MAX_DESCRIPTION_LENGTH }),
      createdDate: DATE,
      lastModifiedDate: DATE,
    },
    examples: [EXAMPLE_ACCOUNT],
  },
  AuthorizedAccount: {
    type: 'object',
    required: ['authorization'],
    properties: {
      credentials: { type: 'array', maxItems: 0, description: 'Nobody else’s business.' },
      authorization: {
        type: 'object',
        required: Object.keys(authorization),
        properties: {
          scope: setOf(SCOPES, { description: 'What the user granted.' }),
          grantedAt: DATE,
          lastUsedAt: {
            ...orNull(DATE),
            description: 'When the application last acted for them, to the minute; null: never.',
          },
        },
      },
    },
    allOf: [{ $ref: '#/components/schemas/Account' }],
    examples: [authorized],
  },
  Credential: {
    type: 'object',
    required: Object.keys(credential),
    properties: {
      accessKey: { type: 'string', pattern: ACCESS_KEY_PATTERN.source },
      secretKey: {
        type: 'string',
        pattern: `${SECRET_KEY_PATTERN.source}|^csk_[0-9A-Za-z]{4}\\*{5}$`,
        description: 'In clear in the answer that made it, masked in every other.',
      },
      createdAt: DATE,
      status: CREDENTIAL_STATUS,
      authorizationGrantType: GRANT_TYPE,
      expiresAt: orNull({ format: 'date-time', description: 'Null: never.' }),
      lastUsedAt: orNull({ format: 'date-time', description: 'To the minute, some seconds late; null: never.' }),
      lastUsedFrom: orNull({ description: 'The address of that call, where it is known.' }),
      supersededBy: orNull({ description: 'The access key that takes its place; null: none does.' }),
    },
    examples: [EXAMPLE_MASKED],
  },
  NewCredential: { type: 'object', properties: { expiresAt: EXPIRY } },
  Rotate: {
    type: 'object',
    properties: {
      overlap: {
        type: ['integer', 'null'],
        minimum: 0,
        maximum: MAX_OVERLAP,
        description:
          'Milliseconds: how long the old credential stays good, or has to be quiet. Left out: 86400000, a day.',
      },
      retire: {
        type: ['string', 'null'],
        enum: [...RETIREMENTS, null],
        description:
          'When the old credential goes: `at` (or left out) when the overlap is over, `after-idle` when it was not used for so long, `manual` when somebody deletes or disables it.',
      },
      expiresAt: EXPIRY,
    },
  },
  Rotation: {
    type: 'object',
    required: Object.keys(rotation),
    properties: {
      accessKey: { type: 'string', description: 'Of the old credential, like all that follows but `supersededBy`.' },
      supersededBy: { type: 'string', description: 'The access key that takes its place.' },
      since: DATE,
      retire: { type: 'string', enum: [...RETIREMENTS] },
      overlap: { type: 'integer', minimum: 0, maximum: MAX_OVERLAP, description: 'Milliseconds.' },
      expiresAt: orNull({ format: 'date-time', description: 'Null: never.' }),
      lastUsedAt: orNull({ format: 'date-time', description: 'To the minute, some seconds late; null: never.' }),
      lastUsedFrom: orNull({ description: 'The address of that call, where it is known.' }),
      stillUsed: { type: 'boolean', description: 'Used since, or in the minute in which the rotation began.' },
    },
    examples: [EXAMPLE_ROTATION],
  },
  KeyToCheck: {
    type: 'object',
    required: ['accessKey', 'secretKey'],
    properties: {
      appId: { ...APP_ID, type: ['string', 'null'], description: 'Left out: whosever key it is.' },
      accessKey: { type: 'string' },
      secretKey: { type: 'string' },
      type: { type: ['string', 'null'], enum: [...GRANT_TYPES, null], description: 'Left out: of whichever type.' },
    },
    examples: [{ appId: 'bkdevops', ...EXAMPLE_KEY }],
  },
  CheckedKey: {
    type: 'object',
    required: ['valid', 'appId'],
    properties: {
      valid: { type: 'boolean' },
      appId: { ...APP_ID, type: ['string', 'null'], description: 'Whose key it is; null unless it is good.' },
    },
    examples: [{ valid: true, appId: 'bkdevops' }],
  },
  ...USER_SCHEMAS,
  ...OAUTH_SCHEMAS,
  ...AUDIT_SCHEMAS,
  ...WEBHOOK_SCHEMAS,
  Health: {
    type: 'object',
    required: ['status'],
    properties: { status: { type: 'string', enum: ['up'] } },
    examples: [{ status: 'up' }],
  },
  Refusal: {
    type: 'object',
    description: 'What every refusal looks like.',
    required: ['code', 'message', 'data', 'traceId'],
    properties: {
      code: { type: 'integer', minimum: 1, description: 'The number of the error; several errors share one.' },
      message: { type: 'string', description: 'In English or Chinese, by Accept-Language.' },
      data: { type: 'null' },
      traceId: TRACE_ID,
    },
  },
} as const satisfies Schemas;

/** A success around that data. */
export const envelopeOf = (data: Schema): Schema => ({
  type: 'object',
  required: ['code', 'message', 'data', 'traceId'],
  properties: {
    code: { type: 'integer', enum: [0] },
    message: { type: 'string', enum: [''] },
    data,
    traceId: TRACE_ID,
  },
});
