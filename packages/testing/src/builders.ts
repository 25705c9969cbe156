import {
  issueCredential,
  parseAppId,
  parseUserId,
  type AccessToken,
  type Account,
  type AccountEvent,
  type AccountId,
  type Authorization,
  type AuthorizationEvent,
  type BearerMac,
  type CallingAccount,
  type Credential,
  type DoneBy,
  type PlatformCaller,
  type Session,
  type SessionEvent,
  type Superseded,
  type TokenEvent,
  type User,
  type UserCaller,
  type UserEvent,
} from '@claviger/domain';
import { NEW_YEAR, numberedId, numberedKey, numberedSessionId, numberedTokenId } from './doubles.js';

// Far from where the doubles count, so that built and made values never meet.
let built = 1_000_000;

const DAY = 86_400_000;

type Told<T, Names extends keyof T> = Partial<Omit<T, Names> & Record<Names, string>>;

/** A lawful account of its own, with one credential for each of its grant types. */
export function anAccount(told: Told<Account, 'appId' | 'owner'> = {}): Account {
  const count = ++built;
  const grantTypes = told.grantTypes ?? ['PLATFORM'];
  const askedToTrust = grantTypes.includes('AUTHORIZATION_CODE');
  return {
    id: numberedId(count),
    locked: false,
    grantTypes,
    scope: askedToTrust ? ['PROJECT'] : [],
    homepageUrl: askedToTrust ? 'https://app.example/' : null,
    redirectUri: askedToTrust ? 'https://app.example/back' : null,
    avatarUrl: null,
    description: null,
    credentials: grantTypes.map((grantType) => aCredential({ grantType })),
    createdAt: NEW_YEAR,
    lastModifiedAt: NEW_YEAR,
    version: 1,
    ...told,
    appId: parseAppId(told.appId ?? `app-${count}`),
    owner: parseUserId(told.owner ?? 'alice'),
  };
}

/** An enabled credential with a key of its own. */
export function aCredential(told: Partial<Credential> = {}): Credential {
  return { ...issueCredential(numberedKey(++built), told.grantType ?? 'PLATFORM', NEW_YEAR), ...told };
}

/** The rotation of a credential by one that need not be there. */
export function aRotation(told: Partial<Superseded> = {}): Superseded {
  const by = numberedKey(++built).accessKey;
  return { by, at: NEW_YEAR, retire: 'at', overlap: DAY, expiresAtBefore: null, ...told };
}

/** An ordinary user without a password. */
export function aUser(told: Told<User, 'userId'> = {}): User {
  return {
    name: null,
    passwordHash: null,
    admin: false,
    locked: false,
    createdAt: NEW_YEAR,
    lastModifiedAt: NEW_YEAR,
    version: 1,
    ...told,
    userId: parseUserId(told.userId ?? `user-${++built}`),
  };
}

export function anAuthorization(
  told: Partial<Omit<Authorization, 'userId'>> & { userId: string; accountId: AccountId },
): Authorization {
  return { scope: ['PROJECT'], grantedAt: NEW_YEAR, ...told, userId: parseUserId(told.userId) };
}

/** A token with a mac of its own, good for a day and never used. */
export function aToken(told: Told<AccessToken, 'userId'> = {}): AccessToken {
  const count = ++built;
  return {
    id: numberedTokenId(count),
    name: null,
    mac: `mac-${count}` as BearerMac,
    createdAt: NEW_YEAR,
    expiresAt: NEW_YEAR + DAY,
    lastUsedAt: null,
    ...told,
    userId: parseUserId(told.userId ?? 'alice'),
  };
}

/** A session with a mac of its own, good for a day. */
export function aSession(told: Told<Session, 'userId'> = {}): Session {
  const count = ++built;
  return {
    id: numberedSessionId(count),
    mac: `mac-${count}` as BearerMac,
    createdAt: NEW_YEAR,
    expiresAt: NEW_YEAR + DAY,
    address: null,
    userAgent: null,
    ...told,
    userId: parseUserId(told.userId ?? 'alice'),
  };
}

const BY_ADMIN: DoneBy = { kind: 'user', userId: parseUserId('admin'), appId: null };

type CredentialEvent = Extract<AccountEvent, { accessKey: unknown }>;
type PlainAccountEvent = Exclude<AccountEvent, CredentialEvent | { accessKeys: unknown }>;

/** A reason to write an account. */
export function anEvent(name: PlainAccountEvent['name'] = 'account.amended', at: number = NEW_YEAR): AccountEvent {
  return { name, at, by: BY_ADMIN };
}

/** A reason to write an account that is about one of its credentials. */
export function aCredentialEvent(
  name: CredentialEvent['name'],
  credential: Pick<Credential, 'accessKey' | 'grantType'>,
  at: number = NEW_YEAR,
): AccountEvent {
  return { name, at, by: BY_ADMIN, accessKey: credential.accessKey, grantType: credential.grantType };
}

export function aUserEvent(name: UserEvent['name'] = 'user.registered', at: number = NEW_YEAR): UserEvent {
  return { name, at, by: BY_ADMIN };
}

export function anAuthorizationEvent(
  name: AuthorizationEvent['name'] = 'authorization.granted',
  at: number = NEW_YEAR,
): AuthorizationEvent {
  return { name, at, by: BY_ADMIN };
}

export function aTokenEvent(name: TokenEvent['name'] = 'token.issued', at: number = NEW_YEAR): TokenEvent {
  return { name, at, by: BY_ADMIN };
}

export function aSessionEvent(name: SessionEvent['name'] = 'session.opened', at: number = NEW_YEAR): SessionEvent {
  return { name, at, by: BY_ADMIN };
}

/** An admin who calls for themselves, or through an account. */
export function admin(userId = 'admin', through: CallingAccount | null = null): UserCaller {
  return { kind: 'user', userId: parseUserId(userId), admin: true, account: through };
}

/** An ordinary user who calls for themselves, or through an account. */
export function user(userId = 'alice', through: CallingAccount | null = null): UserCaller {
  return { kind: 'user', userId: parseUserId(userId), admin: false, account: through };
}

/** A platform's account that named no user; with scope SYSTEM unless told otherwise. */
export function platformAccount(told: { appId?: string; scope?: CallingAccount['scope'] } = {}): PlatformCaller {
  return { kind: 'platform', account: callingAccount(told) };
}

export function callingAccount(told: { appId?: string; scope?: CallingAccount['scope'] } = {}): CallingAccount {
  return { appId: parseAppId(told.appId ?? 'claviger'), scope: told.scope ?? ['SYSTEM'] };
}
