import type { SessionJson, TokenJson, UserJson } from '@claviger/application';
import {
  ACCESS_TOKEN_PATTERN,
  accessTokenFrom,
  MAX_PASSWORD_LENGTH,
  MAX_TOKEN_NAME_LENGTH,
  MAX_USER_NAME_LENGTH,
  MIN_PASSWORD_LENGTH,
} from '@claviger/domain';
import { BARE_BODY } from '../errors/bare-refusal.js';
import { DATE, orNull, USER_ID, type Schemas } from './parts.js';

const NAME = orNull({ maxLength: MAX_USER_NAME_LENGTH });
const TOKEN_NAME = { maxLength: MAX_TOKEN_NAME_LENGTH };
const TOKEN = { type: 'string', pattern: ACCESS_TOKEN_PATTERN.source } as const;
const PASSWORD = {
  type: 'string',
  format: 'password',
  minLength: MIN_PASSWORD_LENGTH,
  maxLength: MAX_PASSWORD_LENGTH,
  description: 'Any characters; not one of those that everybody takes.',
} as const;
const OLD_PASSWORD = { type: 'string', format: 'password' } as const;

export const EXAMPLE_TOKEN_TEXT = accessTokenFrom('EXAMPLEtoken0000000000000000000000000000000');
export const EXAMPLE_SELF = { userId: 'alice', name: 'Alice', admin: false };

const listed: TokenJson = {
  id: '019c0000-0000-7000-8000-000000000002',
  userId: 'alice',
  name: 'laptop',
  createdAt: '2026-01-31T08:15:30.365Z',
  expiresAt: '2026-02-01T08:15:30.365Z',
  lastUsedAt: '2026-01-31T09:01:00.000Z',
};
export const EXAMPLE_LISTED_TOKEN = listed;
export const EXAMPLE_TOKEN: TokenJson = { ...listed, accessToken: EXAMPLE_TOKEN_TEXT, lastUsedAt: null };
export const EXAMPLE_FETCHED = { userId: 'alice', expirationTime: 1769933730365, accessToken: EXAMPLE_TOKEN_TEXT };

const session: SessionJson = {
  id: '019c0000-0000-7000-8000-000000000003',
  current: true,
  createdAt: '2026-01-31T08:15:30.365Z',
  expiresAt: '2026-01-31T20:15:30.365Z',
  address: '192.0.2.7',
  userAgent: 'Mozilla/5.0',
};
export const EXAMPLE_SESSION = session;

const user: UserJson = {
  ...EXAMPLE_SELF,
  locked: false,
  createdDate: '2026-01-31T08:15:30.365Z',
  lastModifiedDate: '2026-01-31T08:15:30.365Z',
};
export const EXAMPLE_USER = user;
export const EXAMPLE_NEW_USER = { ...EXAMPLE_SELF, password: 'correct horse battery' };

/** Users, and what stands for them. */
export const USER_SCHEMAS = {
  Login: {
    type: 'object',
    required: ['userId', 'password'],
    properties: { userId: { type: 'string' }, password: OLD_PASSWORD },
  },
  Self: {
    type: 'object',
    required: Object.keys(EXAMPLE_SELF),
    properties: { userId: USER_ID, name: NAME, admin: { type: 'boolean' } },
    examples: [EXAMPLE_SELF],
  },
  LoggedIn: {
    type: 'object',
    required: [...Object.keys(EXAMPLE_SELF), 'expiresAt'],
    properties: {
      userId: USER_ID,
      name: NAME,
      admin: { type: 'boolean' },
      expiresAt: { ...DATE, description: 'When the session ends.' },
    },
  },
  OwnPassword: {
    type: 'object',
    required: ['oldPassword', 'newPassword'],
    properties: { oldPassword: OLD_PASSWORD, newPassword: PASSWORD },
  },
  Password: { type: 'object', required: ['password'], properties: { password: PASSWORD } },
  TokenName: {
    type: 'object',
    required: ['name'],
    properties: { name: { type: 'string', ...TOKEN_NAME, description: 'What its user calls it.' } },
  },
  Token: {
    type: 'object',
    required: Object.keys(listed),
    properties: {
      id: { type: 'string' },
      userId: USER_ID,
      name: orNull({ ...TOKEN_NAME, description: 'Null for one that was fetched.' }),
      accessToken: { ...TOKEN, description: 'Only in the answer that made it.' },
      createdAt: DATE,
      expiresAt: DATE,
      lastUsedAt: { ...orNull(DATE), description: 'To the minute; null: never.' },
    },
    examples: [EXAMPLE_LISTED_TOKEN],
  },
  FetchedToken: {
    type: 'object',
    required: ['userId', 'expirationTime', 'accessToken'],
    properties: {
      userId: USER_ID,
      expirationTime: { type: 'integer', description: 'When it ends; milliseconds since 1970, UTC.' },
      accessToken: TOKEN,
    },
    examples: [EXAMPLE_FETCHED],
  },
  BareRefusal: {
    type: 'object',
    description: 'As the original platform says it to whoever has not logged in: without envelope.',
    required: Object.keys(BARE_BODY),
    properties: {
      status: { type: 'integer', enum: [BARE_BODY.status] },
      data: { type: 'string', enum: [BARE_BODY.data] },
      result: { type: 'boolean', enum: [BARE_BODY.result] },
      message: { type: 'string', enum: [BARE_BODY.message] },
    },
    examples: [BARE_BODY],
  },
  Session: {
    type: 'object',
    required: Object.keys(session),
    properties: {
      id: { type: 'string' },
      current: { type: 'boolean', description: 'It is the one that asks.' },
      createdAt: DATE,
      expiresAt: DATE,
      address: orNull({ description: 'Where the login came from.' }),
      userAgent: orNull({ description: 'What the browser called itself.' }),
    },
    examples: [EXAMPLE_SESSION],
  },
  User: {
    type: 'object',
    required: Object.keys(user),
    properties: {
      userId: USER_ID,
      name: NAME,
      admin: { type: 'boolean' },
      locked: { type: 'boolean' },
      createdDate: DATE,
      lastModifiedDate: DATE,
    },
    examples: [EXAMPLE_USER],
  },
  NewUser: {
    type: 'object',
    required: ['userId'],
    properties: {
      userId: USER_ID,
      name: NAME,
      admin: { type: ['boolean', 'null'] },
      password: { ...PASSWORD, type: ['string', 'null'], description: 'Left out: the user cannot log in here.' },
    },
    examples: [EXAMPLE_NEW_USER],
  },
  UserAmendment: {
    type: 'object',
    description: 'What is left out, or null, stays as it is.',
    required: ['userId'],
    properties: {
      userId: USER_ID,
      name: { ...NAME, description: 'An empty text takes it away.' },
      admin: { type: ['boolean', 'null'] },
      locked: { type: ['boolean', 'null'] },
    },
    examples: [{ userId: 'alice', locked: true }],
  },
} as const satisfies Schemas;
