import type { AccessToken, BearerMac, TokenId } from './access-token.js';
import type { Account, AccountId } from './account.js';
import type { Authorization } from './authorization.js';
import type { Awaitable } from './awaitable.js';
import type { Credential, NewKey, SealedSecret } from './credential.js';
import type { AccountEvent, AuthorizationEvent, SessionEvent, TokenEvent, UserEvent } from './events.js';
import type { GrantType, Scope } from './grant-rules.js';
import type { AccessKey, AccessTokenText } from './key-format.js';
import type { AppId, UserId } from './names.js';
import type { JobQueue } from './job-ports.js';
import type { OAuthArtifactStore } from './oauth-ports.js';
import type { Page } from './page.js';
import type { AuditTrail } from './record-ports.js';
import type { Session, SessionId } from './session.js';
import type { SigningKeyStore } from './signing-key-ports.js';
import type { BearingUser, PasswordHash, User } from './user.js';
import type { WebhookId } from './webhook.js';
import type { DeliveryStore, WebhookStore } from './webhook-ports.js';

/** Milliseconds since 1970, UTC. */
export interface Clock {
  now(): number;
}

export interface Ids {
  /** Unique, and later ones sort after earlier ones. */
  nextAccountId(): AccountId;
  nextTokenId(): TokenId;
  nextSessionId(): SessionId;
  nextWebhookId(): WebhookId;
  /** A number from 0 to below 1 that nobody foresees. */
  chance(): number;
}

export interface Secrets {
  /** A key pair from a secure source of randomness, and what is to be kept of it. */
  newKey(): NewKey;
  /** Constant time, whatever the text is. Null stands for an unknown key and takes as long as a wrong secret. */
  matches(secretKey: string, sealed: SealedSecret | null): boolean;
}

export interface Passwords {
  /** A password nobody chose, to be shown once. */
  generate(): string;
  /** Whether it is among the first that a guesser tries. */
  isCommon(password: string): Promise<boolean>;
  hash(password: string): Promise<PasswordHash>;
  /** Null stands for a user without a password and takes as long as a wrong one. */
  verify(password: string, hash: PasswordHash | null): Promise<boolean>;
}

/** A credential and the account it belongs to, as far as calls are judged by it. */
export interface KeyHolder {
  readonly account: Pick<Account, 'appId' | 'owner' | 'locked' | 'grantTypes' | 'scope'>;
  readonly credential: Credential;
}

export interface CredentialUse {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  /** The address it came from; null: not known. */
  readonly from: string | null;
}

/** Every part that is given narrows the choice. */
export interface AccountFilter {
  readonly owner?: UserId | undefined;
  readonly locked?: boolean | undefined;
  readonly grantType?: GrantType | undefined;
  readonly scope?: Scope | undefined;
  /** Occurs in appId or description, without regard to case. */
  readonly q?: string | undefined;
  /** Has an enabled credential that expires after the one and no later than the other; milliseconds since 1970. */
  readonly expiring?: { readonly after: number; readonly until: number } | undefined;
  /** Has a credential that was made before that and not used since; milliseconds since 1970. */
  readonly unusedSince?: number | undefined;
  /** Has, or has not, a credential that was never used. */
  readonly neverUsed?: boolean | undefined;
  /** Has a credential that is live at that time and is retired when it has been idle; milliseconds since 1970. */
  readonly retiringWhenIdle?: number | undefined;
  /** Authorized by this user. */
  readonly authorizedBy?: UserId | undefined;
}

/** Sees what is committed and nothing of an open unit of work. */
export interface AccountReader {
  /** In any letter case. */
  find(appId: AppId): Promise<Account | null>;
  findByAccessKey(accessKey: AccessKey): Awaitable<KeyHolder | null>;
  /** All of an account's credentials, oldest first, by its appId in any letter case; none when there is no such account. */
  findKeysOf(appId: AppId): Awaitable<readonly KeyHolder[]>;
  /** At most `page.limit` accounts in order of creation, each with all of its credentials, oldest first. */
  list(filter: AccountFilter, page: Page<AccountId>): Promise<readonly Account[]>;
  count(filter: AccountFilter): Promise<number>;
}

/** Part of a unit of work: sees its own writes; an account found here stays unchanged by others until the unit ends. */
export interface AccountStore {
  /** In any letter case. */
  find(appId: AppId): Promise<Account | null>;
  /** @throws account_exists when the appId is taken in any letter case, even by a concurrent writer. */
  add(account: Account, because: AccountEvent): Promise<void>;
  /**
   * Stores the account with its version counted up, and takes back no use that was noted meanwhile.
   * @throws write_was_stale when `account.version` is not the stored one.
   */
  save(account: Account, because: AccountEvent): Promise<void>;
  /** With its credentials and its authorizations. @throws write_was_stale when `account.version` is not the stored one. */
  remove(account: Account, because: AccountEvent): Promise<void>;
  /** Notes when credentials were last used; never back in time, not for keys that are gone, and without a new version. */
  noteUses(uses: ReadonlyMap<AccessKey, CredentialUse>): Promise<void>;
}

export interface UserReader {
  find(userId: UserId): Awaitable<User | null>;
  /** At most `page.limit` users in order of userId, by code unit. */
  list(page: Page<UserId>): Promise<readonly User[]>;
}

/** Part of a unit of work. */
export interface UserStore {
  find(userId: UserId): Promise<User | null>;
  isEmpty(): Promise<boolean>;
  /** How many admins are not locked. Their number stays true until the unit ends. */
  countActingAdmins(): Promise<number>;
  /** @throws user_exists, even for a concurrent writer. */
  add(user: User, because: UserEvent): Promise<void>;
  /** Stores the user with its version counted up. @throws write_was_stale */
  save(user: User, because: UserEvent): Promise<void>;
  /** @throws write_was_stale */
  remove(user: User, because: UserEvent): Promise<void>;
}

/** Part of a unit of work. */
export interface AuthorizationStore {
  find(userId: UserId, accountId: AccountId): Promise<Authorization | null>;
  /** Replaces what this user had granted this account before, but not its last use. @throws write_was_stale when the account is gone. */
  put(authorization: Authorization, because: AuthorizationEvent): Promise<void>;
  /** With every OAuth artifact of the pair. @throws write_was_stale when it is gone. */
  remove(authorization: Authorization, because: AuthorizationEvent): Promise<void>;
  /** Notes when they were last used; never back in time, and not for those that are gone. */
  noteUses(uses: readonly AuthorizationUse[]): Promise<void>;
}

export interface AuthorizationUse extends Pick<Authorization, 'userId' | 'accountId'> {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
}

/** Texts that stand for a user, and what is kept of them. */
export interface BearerSecrets {
  /** From a secure source of randomness. */
  newAccessToken(): { readonly text: AccessTokenText; readonly mac: BearerMac };
  /** From a secure source of randomness, safe in a cookie as it stands. */
  newSession(): { readonly text: string; readonly mac: BearerMac };
  macOfAccessToken(text: AccessTokenText): BearerMac;
  /** Any text: what is no session has a mac that nobody keeps. */
  macOfSession(text: string): BearerMac;
}

/** Sees what is committed and nothing of an open unit of work. */
export interface TokenReader {
  /** Expired ones too, until upkeep removes them. */
  findByMac(mac: BearerMac): Awaitable<{ readonly token: AccessToken; readonly user: BearingUser } | null>;
  /** At most `page.limit` tokens in order of creation; of one user, or of all when null. */
  list(userId: UserId | null, page: Page<TokenId>): Promise<readonly AccessToken[]>;
}

/** Part of a unit of work. A user who is removed takes their tokens with them. */
export interface TokenStore {
  find(id: TokenId): Promise<AccessToken | null>;
  /** @throws user_missing */
  add(token: AccessToken, because: TokenEvent): Promise<void>;
  /** A token that is gone already is gone. */
  remove(token: AccessToken, because: TokenEvent): Promise<void>;
  /** Notes when tokens were last used; never back in time, and not for tokens that are gone. */
  noteUses(uses: ReadonlyMap<TokenId, number>): Promise<void>;
  /** Removes at most `limit` that expired before that and tells how many. */
  removeExpired(at: number, limit: number): Promise<number>;
}

/** Sees what is committed and nothing of an open unit of work. */
export interface SessionReader {
  /** Expired ones too, until upkeep removes them. */
  findByMac(mac: BearerMac): Awaitable<{ readonly session: Session; readonly user: BearingUser } | null>;
  /** Oldest first. */
  list(userId: UserId): Promise<readonly Session[]>;
}

/** Part of a unit of work. A user who is removed takes their sessions with them. */
export interface SessionStore {
  find(id: SessionId): Promise<Session | null>;
  /** @throws user_missing */
  add(session: Session, because: SessionEvent): Promise<void>;
  /** A session that is gone already is gone. */
  remove(session: Session, because: SessionEvent): Promise<void>;
  /** Every session of that user: what a new password is for. */
  removeAllOf(userId: UserId): Promise<void>;
  /** Removes at most `limit` that expired before that and tells how many. */
  removeExpired(at: number, limit: number): Promise<number>;
}

/** What one unit of work can write. */
export interface Stores {
  readonly accounts: AccountStore;
  readonly users: UserStore;
  readonly authorizations: AuthorizationStore;
  readonly tokens: TokenStore;
  readonly sessions: SessionStore;
  readonly webhooks: WebhookStore;
  readonly deliveries: DeliveryStore;
  readonly audit: AuditTrail;
  readonly jobs: JobQueue;
  readonly oauth: OAuthArtifactStore;
  readonly signingKeys: SigningKeyStore;
}

/** The only way to write. */
export interface UnitOfWork {
  /**
   * All of `work` or nothing; when it resolves, its writes are on disk. `work` may be run again, so it takes no time,
   * secret or id of its own and touches nothing but `stores`. A stale write fails here; the application runs it anew.
   * @throws database_unavailable
   */
  run<T>(work: (stores: Stores) => Promise<T>): Promise<T>;
}

/** Who is trying: the name that was presented, if the scheme has one, and where it came from. */
export interface Attempt {
  /** An access key or a userId; null for schemes whose text names nobody. */
  readonly name: string | null;
  readonly address: string;
}

/** Counts failed authentications per name and address, and per address. The counters outlive the process and are shared. */
export interface FailureGuard {
  /** Milliseconds this attempt has to wait; 0: none. Asked before every authentication, so it reads nothing. */
  waitOf(attempt: Attempt): number;
  failed(attempt: Attempt): Promise<void>;
}

/** What a caller may still ask for in the present window. */
export interface Allowance {
  readonly granted: boolean;
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window ends. */
  readonly resetIn: number;
}

/** Counts requests per caller. The counters outlive the process and are shared. */
export interface RequestLimit {
  take(caller: string): Promise<Allowance>;
}
