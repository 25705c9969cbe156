import {
  HEALTHY,
  issueCredential,
  NO_CHANGES,
  parseAppId,
  parseUserId,
  type AccessToken,
  type Account,
  type AccountEvent,
  type AccountId,
  type Authorization,
  type AuthorizationEvent,
  type BearerMac,
  type BoxedSecret,
  type CallingAccount,
  type Credential,
  type Delivery,
  type DoneBy,
  type DraftRecord,
  type EventId,
  type JobOf,
  type PlatformCaller,
  type Session,
  type SessionEvent,
  type SigningKey,
  type SigningKeyEvent,
  type SigningKeyId,
  type Superseded,
  type TokenEvent,
  type User,
  type UserCaller,
  type UserEvent,
  type Webhook,
  type WebhookEvent,
} from '@claviger/domain';
import { NEW_YEAR, numberedId, numberedKey, numberedSessionId, numberedTokenId, numberedWebhookId } from './doubles.js';

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
  return { scope: ['PROJECT'], grantedAt: NEW_YEAR, lastUsedAt: null, ...told, userId: parseUserId(told.userId) };
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

const BY_ADMIN: DoneBy = {
  kind: 'user',
  userId: parseUserId('admin'),
  appId: null,
  address: '192.0.2.1',
  traceId: '0af7651916cd43dd8448eb211c80319c',
};
const DONE = { by: BY_ADMIN, changes: NO_CHANGES };

type CredentialEvent = Exclude<Extract<AccountEvent, { accessKey: unknown }>, { days: unknown }>;
type PlainAccountEvent = Exclude<AccountEvent, { accessKey: unknown } | { accessKeys: unknown }>;

/** A reason to write an account. */
export function anEvent(name: PlainAccountEvent['name'] = 'account.amended', at: number = NEW_YEAR): AccountEvent {
  return { name, at, ...DONE };
}

/** A reason to write an account that is about one of its credentials. */
export function aCredentialEvent(
  name: CredentialEvent['name'],
  credential: Pick<Credential, 'accessKey' | 'grantType'>,
  at: number = NEW_YEAR,
): AccountEvent {
  return { name, at, ...DONE, accessKey: credential.accessKey, grantType: credential.grantType };
}

export function aUserEvent(name: UserEvent['name'] = 'user.registered', at: number = NEW_YEAR): UserEvent {
  return { name, at, ...DONE };
}

export function anAuthorizationEvent(
  name: AuthorizationEvent['name'] = 'authorization.granted',
  at: number = NEW_YEAR,
): AuthorizationEvent {
  return { name, at, ...DONE };
}

export function aTokenEvent(name: TokenEvent['name'] = 'token.issued', at: number = NEW_YEAR): TokenEvent {
  return { name, at, ...DONE };
}

export function aSessionEvent(name: SessionEvent['name'] = 'session.opened', at: number = NEW_YEAR): SessionEvent {
  return { name, at, ...DONE };
}

export function aWebhookEvent(name: WebhookEvent['name'] = 'webhook.registered', at: number = NEW_YEAR): WebhookEvent {
  return { name, at, ...DONE };
}

/** A record of an account that was amended, by an admin. */
export function aRecord(told: Partial<DraftRecord> = {}): DraftRecord {
  const count = ++built;
  return {
    name: 'account.amended',
    at: NEW_YEAR,
    by: BY_ADMIN,
    subject: { kind: 'account', id: numberedId(count), name: `app-${count}` },
    changes: NO_CHANGES,
    details: {},
    ...told,
  };
}

/** A webhook that hears everything of everybody. */
export function aWebhook(told: Partial<Webhook> = {}): Webhook {
  const count = ++built;
  return {
    id: numberedWebhookId(count),
    accountId: null,
    appId: null,
    url: `https://hooks.example/${count}`,
    events: [],
    description: null,
    enabled: true,
    secret: aBoxedSecret(),
    formerSecret: null,
    health: HEALTHY,
    createdAt: NEW_YEAR,
    lastModifiedAt: NEW_YEAR,
    version: 1,
    ...told,
  };
}

/** A key that signs since New Year. */
export function aSigningKey(told: Partial<Omit<SigningKey, 'id'>> & { id?: string } = {}): SigningKey {
  return {
    privateKey: aBoxedSecret(),
    createdAt: NEW_YEAR,
    signsFrom: NEW_YEAR,
    ...told,
    id: (told.id ?? `signing-key-${++built}`) as SigningKeyId,
  };
}

export function aSigningKeyEvent(
  name: SigningKeyEvent['name'] = 'signing_key.created',
  at: number = NEW_YEAR,
): SigningKeyEvent {
  return { name, at, ...DONE };
}

export function aBoxedSecret(): BoxedSecret {
  const count = ++built;
  return { keyId: 'plain', box: `box-${count}`, fingerprint: `print-${count}` };
}

/** An event that waits for its first attempt. */
export function aDelivery(told: Partial<Delivery> & Pick<Delivery, 'webhookId'>): Delivery {
  return {
    eventId: `evt_${++built}` as EventId,
    name: 'account.opened',
    body: '{"type":"account.opened"}',
    status: 'waiting',
    since: NEW_YEAR,
    attempts: 0,
    nextAt: NEW_YEAR,
    lastAttemptAt: null,
    lastResult: null,
    ...told,
  };
}

/** A job with a key and a queue of its own, due at once. */
export function aJob(told: Partial<JobOf<'deliver'>> = {}): JobOf<'deliver'> {
  const count = ++built;
  return {
    task: 'deliver',
    payload: { webhookId: numberedWebhookId(count) },
    key: `key-${count}`,
    queue: `queue-${count}`,
    at: NEW_YEAR,
    ...told,
  };
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
