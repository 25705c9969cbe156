import { MAX_LIST_LIMIT, MAX_SEARCH_LENGTH } from '@claviger/application';
import { SCOPES, type ErrorCode } from '@claviger/domain';
import type { AccountsController } from '../accounts/accounts.controller.js';
import type { CheckRoute } from '../accounts/serve-checks.js';
import type { CredentialsController } from '../accounts/credentials.controller.js';
import type { RotationsController } from '../accounts/rotations.controller.js';
import type { HttpErrorCode } from '../errors/http-errors.js';
import type { HealthController } from '../health.controller.js';
import { APP_ID, GRANT_TYPE, USER_ID, type Schema } from './parts.js';
import {
  EXAMPLE_ACCOUNT,
  EXAMPLE_AUTHORIZED,
  EXAMPLE_CREDENTIAL,
  EXAMPLE_KEY,
  EXAMPLE_LISTED,
  EXAMPLE_MASKED,
  EXAMPLE_ROTATION,
  EXAMPLE_STATEMENT,
  ref,
} from './schemas.js';

export interface Field {
  readonly schema: Schema;
  readonly description: string;
  readonly required?: true;
}

/** What the document says of one route and the code does not. */
export interface Operation {
  readonly id: string;
  readonly summary: string;
  readonly description?: string;
  readonly status?: 201;
  /** The answer has no envelope. */
  readonly bare?: true;
  /** The answer has no envelope, and any number of lines; data and example are those of one. */
  readonly lines?: true;
  readonly data: Schema;
  readonly example: unknown;
  readonly body?: { readonly schema: Schema; readonly example: unknown; readonly optional?: true };
  readonly query?: Readonly<Record<string, Field>>;
  readonly headers?: Readonly<Record<string, Field>>;
  readonly answerHeaders?: Readonly<Record<string, Field>>;
  /** Of those whom its access rule lets in, whoever acts for a user and may not do this for them. */
  readonly notFor?: readonly ('application' | 'platform')[];
  /** What it may refuse beyond what every route does. */
  readonly refuses: readonly (ErrorCode | HttpErrorCode)[];
}

/** A controller's handlers: one that is not described here does not compile. */
export type Described<Controller> = { readonly [Handler in keyof Controller]: Operation };

export const TRUE: Schema = { type: 'boolean', enum: [true] };
export const NEXT_LINK: Readonly<Record<string, Field>> = {
  Link: { schema: { type: 'string' }, description: 'With `rel="next"` when there is another page.' },
};
const MANAGED: readonly ErrorCode[] = ['field_invalid', 'account_missing'];
const CHANGED: readonly ErrorCode[] = [...MANAGED, 'user_not_allowed', 'write_was_stale'];

/** What is asked of a new credential may be left out. */
const NEW_CREDENTIAL = {
  body: { schema: ref('NewCredential'), example: { expiresAt: '2026-07-31T00:00:00.000Z' }, optional: true },
} as const satisfies Partial<Operation>;
const ROTATED: readonly ErrorCode[] = ['credential_missing', 'credential_not_live'];

const LIST = {
  data: { type: 'array', items: ref('Account') } as Schema,
  example: [EXAMPLE_LISTED],
  query: {
    owner: { schema: USER_ID, description: 'Only accounts of this owner.' },
    locked: { schema: { type: 'boolean' }, description: 'Only locked accounts, or only others.' },
    grantType: { schema: GRANT_TYPE, description: 'Only accounts of this type.' },
    scope: { schema: { type: 'string', enum: [...SCOPES] }, description: 'Only accounts with this scope.' },
    q: {
      schema: { type: 'string', maxLength: MAX_SEARCH_LENGTH },
      description: 'Occurs in appId or description, without regard to case.',
    },
    expiringWithin: {
      schema: { type: 'integer', minimum: 0 },
      description: 'Only accounts with an enabled credential that expires within so many milliseconds.',
    },
    unusedSince: {
      schema: { type: 'string', format: 'date-time' },
      description: 'Only accounts with a credential that was made before that and not used since.',
    },
    neverUsed: {
      schema: { type: 'boolean' },
      description: 'Only accounts with a credential that was never used, or only others.',
    },
    limit: {
      schema: { type: 'integer', minimum: 1, maximum: MAX_LIST_LIMIT },
      description: 'How many at most; left out: all, streamed.',
    },
    cursor: { schema: { type: 'string' }, description: 'From the `Link` of the page before.' },
  },
  answerHeaders: {
    'X-Total-Count': { schema: { type: 'integer' }, description: 'How many there are on all pages.' },
    ...NEXT_LINK,
  },
} as const satisfies Partial<Operation>;

export const ACCOUNT_OPERATIONS: Described<AccountsController> = {
  create: {
    id: 'create_account',
    summary: 'Open an account',
    description:
      'The only answer with its secrets in clear. Only admins open accounts of type PLATFORM or with scope SYSTEM.',
    status: 201,
    body: { schema: ref('AccountStatement'), example: EXAMPLE_STATEMENT },
    data: ref('Account'),
    example: EXAMPLE_ACCOUNT,
    refuses: ['field_invalid', 'user_not_allowed', 'account_exists'],
  },
  update: {
    id: 'update_account',
    summary: 'Amend an account',
    description:
      'A grant type that comes gets one credential; one that goes takes all of its credentials with it. A whole account may be sent back: what is not part of the statement is ignored.',
    body: { schema: ref('AccountStatement'), example: EXAMPLE_STATEMENT },
    headers: {
      Prefer: {
        schema: { type: 'string', examples: ['return=representation'] },
        description: '`return=representation`: answers with the account and the secrets that this update made.',
      },
    },
    data: { oneOf: [TRUE, ref('Account')] },
    example: true,
    answerHeaders: {
      'Preference-Applied': { schema: { type: 'string' }, description: 'When the preference was followed.' },
    },
    refuses: CHANGED,
  },
  delete: {
    id: 'delete_account',
    summary: 'Delete an account',
    description: 'With its credentials and authorizations. Accounts of type PLATFORM are for admins to delete.',
    data: TRUE,
    example: true,
    refuses: CHANGED,
  },
  uninstall: {
    id: 'uninstall_account',
    summary: 'Take back the authorization of an application',
    data: TRUE,
    example: true,
    refuses: ['field_invalid', 'authorization_missing'],
  },
  list: {
    id: 'list_account',
    summary: 'All accounts, for admins',
    ...LIST,
    refuses: ['field_invalid', 'user_not_allowed'],
  },
  listOwn: { id: 'list_own_account', summary: 'The accounts that the user owns', ...LIST, refuses: ['field_invalid'] },
  listAuthorized: {
    id: 'list_authorized_account',
    summary: 'The accounts that the user authorized',
    description:
      'With what the user granted, since when, and when the application last used it. The list of credentials is empty.',
    ...LIST,
    data: { type: 'array', items: ref('AuthorizedAccount') },
    example: [EXAMPLE_AUTHORIZED],
    refuses: ['field_invalid'],
  },
  detail: {
    id: 'show_account',
    summary: 'One account, for its owner and admins',
    data: ref('Account'),
    example: EXAMPLE_LISTED,
    refuses: MANAGED,
  },
};

export const CHECK_OPERATIONS: Readonly<Record<CheckRoute, Operation>> = {
  check: {
    id: 'check_credential',
    summary: 'Whether a key pair is good',
    description:
      'The form to prefer, for no secret stands in a URL. Without `appId` it is for platforms with scope SYSTEM and for admins. A key that is not good is an answer, not an error.',
    body: { schema: ref('KeyToCheck'), example: { appId: EXAMPLE_STATEMENT.appId, ...EXAMPLE_KEY } },
    data: ref('CheckedKey'),
    example: { valid: true, appId: EXAMPLE_STATEMENT.appId },
    refuses: [...MANAGED, 'user_not_allowed'],
  },
  checkOfAccount: {
    id: 'check_account_credential',
    summary: 'Whether a key pair is good and belongs to an account',
    data: { type: 'boolean' },
    example: true,
    refuses: MANAGED,
  },
  checkOfAny: {
    id: 'check_any_credential',
    summary: 'Whose key pair it is, if it is good',
    data: { ...APP_ID, type: ['string', 'null'] },
    example: EXAMPLE_STATEMENT.appId,
    refuses: ['user_not_allowed'],
  },
};

export const CREDENTIAL_OPERATIONS: Described<CredentialsController> = {
  list: {
    id: 'list_account_credential',
    summary: 'The credentials of an account',
    data: { type: 'array', items: ref('Credential') },
    example: [EXAMPLE_MASKED],
    refuses: MANAGED,
  },
  create: {
    id: 'create_account_credential',
    summary: 'Add a credential to an account',
    description: 'The only answer with its secret in clear.',
    status: 201,
    ...NEW_CREDENTIAL,
    data: { type: 'array', items: ref('Credential'), minItems: 1, maxItems: 1 },
    example: [EXAMPLE_CREDENTIAL],
    refuses: [...CHANGED, 'grant_type_absent', 'too_many_credentials'],
  },
  createByQuery: {
    id: 'create_account_credential_by_query',
    summary: 'Add a credential to an account, answered by itself',
    description: 'As deployed clients call it. The only answer with its secret in clear.',
    status: 201,
    query: { type: { schema: { ...GRANT_TYPE, default: 'PLATFORM' }, description: 'What it is for.' } },
    ...NEW_CREDENTIAL,
    data: ref('Credential'),
    example: EXAMPLE_CREDENTIAL,
    refuses: [...CHANGED, 'grant_type_absent', 'too_many_credentials'],
  },
  delete: {
    id: 'delete_account_credential',
    summary: 'Withdraw a credential',
    description: 'The last one of a grant type stays: create another one first.',
    data: TRUE,
    example: true,
    refuses: [...CHANGED, 'credential_missing', 'credential_is_last'],
  },
  changeStatus: {
    id: 'update_account_credential_status',
    summary: 'Enable or disable a credential',
    description: 'The owner may always disable one.',
    data: TRUE,
    example: true,
    refuses: [...CHANGED, 'credential_missing', 'too_many_credentials'],
  },
};

export const ROTATION_OPERATIONS: Described<RotationsController> = {
  rotate: {
    id: 'rotate_credential',
    summary: 'Put a new credential in the place of an old one',
    description:
      'The old one stays good while its users change over. The only answer with the secret of the new one in clear.',
    status: 201,
    body: { schema: ref('Rotate'), example: { overlap: 86_400_000, retire: 'at' }, optional: true },
    data: ref('Credential'),
    example: EXAMPLE_CREDENTIAL,
    refuses: [...CHANGED, ...ROTATED, 'rotation_in_progress', 'too_many_credentials'],
  },
  show: {
    id: 'show_rotation',
    summary: 'Whether the old credential of a rotation is still used, and when last',
    data: ref('Rotation'),
    example: EXAMPLE_ROTATION,
    refuses: [...MANAGED, 'credential_missing', 'rotation_missing'],
  },
  rollBack: {
    id: 'roll_back_rotation',
    summary: 'Take a rotation back',
    description: 'While the old credential lives: it stays as it was before, and the new one goes.',
    data: TRUE,
    example: true,
    refuses: [...CHANGED, ...ROTATED, 'rotation_missing'],
  },
};

export const HEALTH_OPERATIONS: Described<HealthController> = {
  live: { id: 'live', summary: 'The process runs', data: ref('Health'), example: { status: 'up' }, refuses: [] },
  ready: {
    id: 'ready',
    summary: 'The service can serve',
    data: ref('Health'),
    example: { status: 'up' },
    refuses: ['not_ready'],
  },
};
