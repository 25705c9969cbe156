import type {
  AccessKey,
  AccessToken,
  AccountId,
  AppId,
  CredentialStatus,
  GrantType,
  PasswordHash,
  Retirement,
  Scope,
  Session,
  UserId,
  Webhook,
} from '@claviger/domain';
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';

// The tables as TypeORM reads and writes them. Lengths, keys and indexes are made by the migrations alone.

export interface UserRow {
  userId: UserId;
  name: string | null;
  passwordHash: PasswordHash | null;
  admin: boolean;
  locked: boolean;
  createdAt: number;
  lastModifiedAt: number;
  version: number;
}

export interface AccountRow {
  id: AccountId;
  appId: AppId;
  /** The appId as it is unique: in lower case. */
  appIdKey: string;
  owner: UserId;
  locked: boolean;
  grantTypes: readonly GrantType[];
  scope: readonly Scope[];
  homepageUrl: string | null;
  redirectUri: string | null;
  avatarUrl: string | null;
  description: string | null;
  /** The description in lower case, because databases disagree about the case of letters beyond ASCII. */
  descriptionKey: string | null;
  createdAt: number;
  lastModifiedAt: number;
  version: number;
}

export interface CredentialRow {
  accessKey: AccessKey;
  accountId: AccountId;
  /** Its place among the account's credentials: those made in the same millisecond keep their order. */
  position: number;
  secretMac: string;
  secretPepper: string;
  secretHint: string;
  grantType: GrantType;
  status: CredentialStatus;
  createdAt: number;
  expiresAt: number | null;
  lastUsedAt: number | null;
  lastUsedFrom: string | null;
  supersededBy: AccessKey | null;
  supersededAt: number | null;
  supersededRetire: Retirement | null;
  supersededOverlap: number | null;
  supersededExpiry: number | null;
  warnedOfExpiry: number | null;
}

export interface AuthorizationRow {
  userId: UserId;
  accountId: AccountId;
  scope: readonly Scope[];
  grantedAt: number;
  lastUsedAt: number | null;
}

export interface AuditRow {
  id: number;
  at: number;
  name: string;
  byKind: string;
  byUser: string | null;
  byApp: string | null;
  byAddress: string | null;
  byTrace: string | null;
  subjectKind: string;
  subjectId: string;
  subjectName: string;
  /** JSON; never a secret. So are `after` and `details`. */
  before: string | null;
  after: string | null;
  details: string;
  published: boolean;
}

export interface WebhookRow extends Omit<Webhook, 'secret' | 'formerSecret' | 'health'> {
  secretKey: string;
  secretBox: string;
  secretFingerprint: string;
  formerKey: string | null;
  formerBox: string | null;
  formerFingerprint: string | null;
  formerUntil: number | null;
  failures: number;
  restsUntil: number | null;
}

export interface InstallationRow {
  name: string;
  value: string;
}

type Column = EntitySchemaColumnOptions;

const text = (name: string): Column => ({ type: 'text', name });
const optionalText = (name: string): Column => ({ type: 'text', name, nullable: true });
const flag = (name: string): Column => ({ type: 'boolean', name });

/** Milliseconds; PostgreSQL's driver gives 64-bit numbers as text. */
const time = (name: string): Column => ({
  type: 'bigint',
  name,
  transformer: { to: (value: unknown) => value, from: (value: unknown) => (value === null ? null : Number(value)) },
});

const optionalTime = (name: string): Column => ({ ...time(name), nullable: true });

/** A set of words as one text, in the order in which the domain keeps it. */
const words = (name: string): Column => ({
  type: 'text',
  name,
  transformer: { to: (set: readonly string[] | undefined) => set?.join(','), from: (kept: string) => wordsOf(kept) },
});

export function wordsOf(kept: string): string[] {
  return kept === '' ? [] : kept.split(',');
}

export const USERS = new EntitySchema<UserRow>({
  name: 'users',
  columns: {
    userId: { ...text('user_id'), primary: true },
    name: optionalText('name'),
    passwordHash: optionalText('password_hash'),
    admin: flag('admin'),
    locked: flag('locked'),
    createdAt: time('created_at'),
    lastModifiedAt: time('last_modified_at'),
    version: { type: 'integer' },
  },
});

export const ACCOUNTS = new EntitySchema<AccountRow>({
  name: 'accounts',
  columns: {
    id: { ...text('id'), primary: true },
    appId: text('app_id'),
    appIdKey: text('app_id_key'),
    owner: text('owner'),
    locked: flag('locked'),
    grantTypes: words('grant_types'),
    scope: words('scope'),
    homepageUrl: optionalText('homepage_url'),
    redirectUri: optionalText('redirect_uri'),
    avatarUrl: optionalText('avatar_url'),
    description: optionalText('description'),
    descriptionKey: optionalText('description_key'),
    createdAt: time('created_at'),
    lastModifiedAt: time('last_modified_at'),
    version: { type: 'integer' },
  },
});

export const CREDENTIALS = new EntitySchema<CredentialRow>({
  name: 'credentials',
  columns: {
    accessKey: { ...text('access_key'), primary: true },
    accountId: text('account_id'),
    position: { type: 'integer' },
    secretMac: text('secret_mac'),
    secretPepper: text('secret_pepper'),
    secretHint: text('secret_hint'),
    grantType: text('grant_type'),
    status: text('status'),
    createdAt: time('created_at'),
    expiresAt: optionalTime('expires_at'),
    lastUsedAt: optionalTime('last_used_at'),
    lastUsedFrom: optionalText('last_used_from'),
    supersededBy: optionalText('superseded_by'),
    supersededAt: optionalTime('superseded_at'),
    supersededRetire: optionalText('superseded_retire'),
    supersededOverlap: optionalTime('superseded_overlap'),
    supersededExpiry: optionalTime('superseded_expiry'),
    warnedOfExpiry: { type: 'integer', name: 'warned_of_expiry', nullable: true },
  },
});

export const AUTHORIZATIONS = new EntitySchema<AuthorizationRow>({
  name: 'authorizations',
  columns: {
    userId: { ...text('user_id'), primary: true },
    accountId: { ...text('account_id'), primary: true },
    scope: words('scope'),
    grantedAt: time('granted_at'),
    lastUsedAt: optionalTime('last_used_at'),
  },
});

export const TOKENS = new EntitySchema<AccessToken>({
  name: 'access_tokens',
  columns: {
    id: { ...text('id'), primary: true },
    userId: text('user_id'),
    mac: text('mac'),
    createdAt: time('created_at'),
    expiresAt: time('expires_at'),
    name: optionalText('name'),
    lastUsedAt: optionalTime('last_used_at'),
  },
});

export const SESSIONS = new EntitySchema<Session>({
  name: 'sessions',
  columns: {
    id: { ...text('id'), primary: true },
    userId: text('user_id'),
    mac: text('mac'),
    createdAt: time('created_at'),
    expiresAt: time('expires_at'),
    address: optionalText('address'),
    userAgent: optionalText('user_agent'),
  },
});

/** Written through this; read, published, sealed and removed by statements of their own. */
export const AUDIT = new EntitySchema<AuditRow>({
  name: 'audit',
  columns: {
    id: { type: 'integer', primary: true, generated: 'increment' },
    at: time('at'),
    name: text('name'),
    byKind: text('by_kind'),
    byUser: optionalText('by_user'),
    byApp: optionalText('by_app'),
    byAddress: optionalText('by_address'),
    byTrace: optionalText('by_trace'),
    subjectKind: text('subject_kind'),
    subjectId: text('subject_id'),
    subjectName: text('subject_name'),
    before: optionalText('before'),
    after: optionalText('after'),
    details: text('details'),
    published: flag('published'),
  },
});

export const WEBHOOKS = new EntitySchema<WebhookRow>({
  name: 'webhooks',
  columns: {
    id: { ...text('id'), primary: true },
    accountId: optionalText('account_id'),
    appId: optionalText('app_id'),
    url: text('url'),
    events: words('events'),
    description: optionalText('description'),
    enabled: flag('enabled'),
    secretKey: text('secret_key'),
    secretBox: text('secret_box'),
    secretFingerprint: text('secret_fingerprint'),
    formerKey: optionalText('former_key'),
    formerBox: optionalText('former_box'),
    formerFingerprint: optionalText('former_fingerprint'),
    formerUntil: optionalTime('former_until'),
    failures: { type: 'integer' },
    restsUntil: optionalTime('rests_until'),
    createdAt: time('created_at'),
    lastModifiedAt: time('last_modified_at'),
    version: { type: 'integer' },
  },
});

export const INSTALLATION = new EntitySchema<InstallationRow>({
  name: 'installation',
  columns: { name: { ...text('name'), primary: true }, value: text('value') },
});

export const SCHEMAS = [USERS, ACCOUNTS, CREDENTIALS, AUTHORIZATIONS, TOKENS, SESSIONS, AUDIT, WEBHOOKS, INSTALLATION];
