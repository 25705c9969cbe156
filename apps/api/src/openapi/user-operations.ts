import type { ErrorCode } from '@claviger/domain';
import type { LoginController } from '../users/login.controller.js';
import type { SessionsController } from '../users/sessions.controller.js';
import type { TokensController } from '../users/tokens.controller.js';
import type { UsersController } from '../users/users.controller.js';
import { TRUE, type Described, type Field } from './operations.js';
import { USER_ID } from './parts.js';
import { ref } from './schemas.js';
import {
  EXAMPLE_FETCHED,
  EXAMPLE_LISTED_TOKEN,
  EXAMPLE_NEW_USER,
  EXAMPLE_SELF,
  EXAMPLE_SESSION,
  EXAMPLE_TOKEN,
  EXAMPLE_USER,
} from './user-schemas.js';

const SET_COOKIE: Readonly<Record<string, Field>> = {
  'Set-Cookie': { schema: { type: 'string' }, description: 'The session, for browsers.' },
};
const USER_NAMED: readonly ErrorCode[] = ['field_invalid', 'user_not_allowed', 'user_missing'];
const USER_CHANGED: readonly ErrorCode[] = [...USER_NAMED, 'admin_is_last', 'write_was_stale'];

export const LOGIN_OPERATIONS: Described<LoginController> = {
  login: {
    id: 'log_in',
    summary: 'Log in',
    description:
      'With a password in the body, or without a body and with `Authorization: Basic`. Opens a session and closes the one that the same browser had. An unknown user, a wrong password and a locked user sound the same; only whoever knows the password of a locked user hears of the lock.',
    body: { schema: ref('Login'), example: { userId: 'alice', password: EXAMPLE_NEW_USER.password }, optional: true },
    data: ref('LoggedIn'),
    example: { ...EXAMPLE_SELF, expiresAt: EXAMPLE_SESSION.expiresAt },
    answerHeaders: SET_COOKIE,
    refuses: ['field_invalid'],
  },
  logout: {
    id: 'log_out',
    summary: 'Log out',
    description: 'Ends the session that asks; to any other caller there is none.',
    data: TRUE,
    example: true,
    answerHeaders: SET_COOKIE,
    refuses: ['session_missing'],
  },
  info: { id: 'show_self', summary: 'Who is calling', data: ref('Self'), example: EXAMPLE_SELF, refuses: [] },
  changePassword: {
    id: 'change_own_password',
    summary: 'Change one’s own password',
    description: 'Ends all sessions of the user. Guesses at the old password are counted as failed logins.',
    body: {
      schema: ref('OwnPassword'),
      example: { oldPassword: EXAMPLE_NEW_USER.password, newPassword: 'battery staple horse' },
    },
    data: TRUE,
    example: true,
    answerHeaders: SET_COOKIE,
    refuses: ['field_invalid', 'password_differs', 'user_missing', 'write_was_stale'],
  },
};

export const TOKEN_OPERATIONS: Described<TokensController> = {
  fetch: {
    id: 'fetch_token',
    summary: 'A new access token, for who has logged in',
    description:
      'As the original platform has it: by session or Basic alone, without envelope, and refused without envelope.',
    bare: true,
    data: ref('FetchedToken'),
    example: EXAMPLE_FETCHED,
    refuses: [],
  },
  create: {
    id: 'create_token',
    summary: 'A new access token with a name',
    description: 'The only answer with its text.',
    status: 201,
    body: { schema: ref('TokenName'), example: { name: 'laptop' } },
    data: ref('Token'),
    example: EXAMPLE_TOKEN,
    notFor: ['application'],
    refuses: ['field_invalid', 'user_missing'],
  },
  list: {
    id: 'list_token',
    summary: 'One’s access tokens, oldest first',
    query: { userId: { schema: USER_ID, description: 'Whose; somebody else’s is for admins to ask.' } },
    data: { type: 'array', items: ref('Token') },
    example: [EXAMPLE_LISTED_TOKEN],
    refuses: ['field_invalid', 'user_not_allowed'],
  },
  revoke: {
    id: 'revoke_token',
    summary: 'Revoke an access token',
    description: 'One’s own; anybody’s for admins. The next request with it is refused.',
    data: TRUE,
    example: true,
    refuses: ['token_missing'],
  },
};

export const SESSION_OPERATIONS: Described<SessionsController> = {
  list: {
    id: 'list_session',
    summary: 'One’s sessions, oldest first',
    data: { type: 'array', items: ref('Session') },
    example: [EXAMPLE_SESSION],
    refuses: [],
  },
  revoke: {
    id: 'revoke_session',
    summary: 'End one of one’s sessions',
    data: TRUE,
    example: true,
    refuses: ['session_missing'],
  },
};

export const USER_OPERATIONS: Described<UsersController> = {
  list: {
    id: 'list_user',
    summary: 'All users, for admins',
    data: { type: 'array', items: ref('User') },
    example: [EXAMPLE_USER],
    refuses: ['user_not_allowed'],
  },
  create: {
    id: 'create_user',
    summary: 'Register a user',
    status: 201,
    body: { schema: ref('NewUser'), example: EXAMPLE_NEW_USER },
    data: ref('User'),
    example: EXAMPLE_USER,
    refuses: ['field_invalid', 'user_not_allowed', 'user_exists'],
  },
  detail: {
    id: 'show_user',
    summary: 'One user, for admins',
    data: ref('User'),
    example: EXAMPLE_USER,
    refuses: USER_NAMED,
  },
  update: {
    id: 'update_user',
    summary: 'Amend a user',
    description: 'A locked user is nobody’s caller. The last admin who is not locked stays one.',
    body: { schema: ref('UserAmendment'), example: { userId: 'alice', locked: true } },
    data: ref('User'),
    example: { ...EXAMPLE_USER, locked: true },
    refuses: USER_CHANGED,
  },
  setPassword: {
    id: 'set_password',
    summary: 'Set a user’s password',
    description: 'Ends all sessions of the user.',
    body: { schema: ref('Password'), example: { password: EXAMPLE_NEW_USER.password } },
    data: TRUE,
    example: true,
    refuses: [...USER_NAMED, 'write_was_stale'],
  },
  delete: {
    id: 'delete_user',
    summary: 'Delete a user',
    description: 'With their access tokens and sessions; the accounts they own stay.',
    data: TRUE,
    example: true,
    refuses: USER_CHANGED,
  },
};
