import {
  maskedSecret,
  type AccessToken,
  type AccessTokenText,
  type Account,
  type AuditRecord,
  type Credential,
  type CredentialStatus,
  type Delivery,
  type DeliveryStatus,
  type DoneBy,
  type Facts,
  type GrantType,
  type JudgedSigningKey,
  type KeyPair,
  type Retirement,
  type RotationProgress,
  type Scope,
  type Seal,
  type Session,
  type SessionId,
  type SigningKeyState,
  type Subject,
  type User,
  type Webhook,
  type WebhookSecret,
} from '@claviger/domain';
import type { AuthorizedAccount } from './accounts/list-accounts.js';

// What may leave the house, field by field: HTTP and the CLI say the same thing about the same thing.

export interface CredentialJson {
  readonly accessKey: string;
  /** In clear in the answer that made it, masked in every other. */
  readonly secretKey: string;
  readonly createdAt: string;
  readonly status: CredentialStatus;
  readonly authorizationGrantType: GrantType;
  /** Null: never. */
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: string | null;
  /** The credential that takes its place; null: none does. */
  readonly supersededBy: string | null;
}

export interface RotationJson {
  readonly accessKey: string;
  readonly supersededBy: string;
  readonly since: string;
  readonly retire: Retirement;
  /** Milliseconds. */
  readonly overlap: number;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly lastUsedFrom: string | null;
  readonly stillUsed: boolean;
}

export interface AccountJson {
  readonly id: string;
  readonly appId: string;
  readonly locked: boolean;
  readonly credentials: readonly CredentialJson[];
  readonly owner: string;
  readonly authorizationGrantTypes: readonly GrantType[];
  readonly homepageUrl: string | null;
  readonly redirectUri: string | null;
  readonly avatarUrl: string | null;
  readonly scope: readonly Scope[];
  readonly description: string | null;
  readonly createdDate: string;
  readonly lastModifiedDate: string;
}

export interface AuthorizationJson {
  readonly scope: readonly Scope[];
  readonly grantedAt: string;
  readonly lastUsedAt: string | null;
}

/** An account that a user let act for them. */
export interface AuthorizedAccountJson extends AccountJson {
  readonly authorization: AuthorizationJson;
}

export interface UserJson {
  readonly userId: string;
  readonly name: string | null;
  readonly admin: boolean;
  readonly locked: boolean;
  readonly createdDate: string;
  readonly lastModifiedDate: string;
}

export interface TokenJson {
  readonly id: string;
  readonly userId: string;
  readonly name: string | null;
  readonly accessToken?: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly lastUsedAt: string | null;
}

export interface SessionJson {
  readonly id: string;
  readonly current: boolean;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Of the key itself nothing. */
export interface SigningKeyJson {
  /** The `kid` of the tokens that it signs. */
  readonly id: string;
  readonly state: SigningKeyState;
  readonly createdAt: string;
  readonly signsFrom: string;
  /** From then on it is not published; null while nothing replaces it. */
  readonly retiresAt: string | null;
}

/** One line of the record of what was done; of secrets it has fingerprints only. */
export interface AuditJson {
  readonly id: string;
  readonly name: string;
  readonly at: string;
  readonly by: DoneBy;
  readonly subject: Subject;
  readonly before: Facts | null;
  readonly after: Facts | null;
  /** What else there is to say, such as the access key that it is about. */
  readonly details: Facts;
  /** Null until it is sealed. */
  readonly seal: Seal | null;
}

export interface WebhookJson {
  readonly id: string;
  /** Null: hears of everything. */
  readonly appId: string | null;
  readonly url: string;
  /** Empty: all of them. */
  readonly events: readonly string[];
  readonly description: string | null;
  readonly enabled: boolean;
  /** In clear in the answer that made it, left out of every other. */
  readonly secret?: string;
  /** Attempts that failed since the last one that did not. */
  readonly failures: number;
  /** It is left alone until then. */
  readonly restsUntil: string | null;
  readonly createdAt: string;
  readonly lastModifiedAt: string;
}

export interface DeliveryJson {
  readonly eventId: string;
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly attempts: number;
  /** When it is tried next; null when it is not. */
  readonly nextAttemptAt: string | null;
  readonly lastAttemptAt: string | null;
  readonly lastResult: string | null;
}

/** @param keyPairs made just now: only their secrets are shown in clear. */
export function accountJson(account: Account, keyPairs: readonly KeyPair[] = []): AccountJson {
  return {
    id: account.id,
    appId: account.appId,
    locked: account.locked,
    credentials: account.credentials.map((credential) => credentialJson(credential, keyPairs)),
    owner: account.owner,
    authorizationGrantTypes: account.grantTypes,
    homepageUrl: account.homepageUrl,
    redirectUri: account.redirectUri,
    avatarUrl: account.avatarUrl,
    scope: account.scope,
    description: account.description,
    createdDate: dateJson(account.createdAt),
    lastModifiedDate: dateJson(account.lastModifiedAt),
  };
}

export function authorizedAccountJson({ account, authorization }: AuthorizedAccount): AuthorizedAccountJson {
  const { scope, grantedAt, lastUsedAt } = authorization;
  return {
    ...accountJson(account),
    authorization: { scope, grantedAt: dateJson(grantedAt), lastUsedAt: optionalDateJson(lastUsedAt) },
  };
}

/** @param keyPairs made just now: the credential's own among them is shown in clear. */
export function credentialJson(credential: Credential, keyPairs: readonly KeyPair[] = []): CredentialJson {
  const made = keyPairs.find(({ accessKey }) => accessKey === credential.accessKey);
  return {
    accessKey: credential.accessKey,
    secretKey: made?.secretKey ?? maskedSecret(credential),
    createdAt: dateJson(credential.createdAt),
    status: credential.status,
    authorizationGrantType: credential.grantType,
    expiresAt: optionalDateJson(credential.expiresAt),
    lastUsedAt: optionalDateJson(credential.lastUsedAt),
    lastUsedFrom: credential.lastUsedFrom,
    supersededBy: credential.superseded?.by ?? null,
  };
}

export function rotationJson({ old, stillUsed }: RotationProgress): RotationJson {
  const { by, at, retire, overlap } = old.superseded;
  return {
    accessKey: old.accessKey,
    supersededBy: by,
    since: dateJson(at),
    retire,
    overlap,
    expiresAt: optionalDateJson(old.expiresAt),
    lastUsedAt: optionalDateJson(old.lastUsedAt),
    lastUsedFrom: old.lastUsedFrom,
    stillUsed,
  };
}

/** @param text in clear in the answer that made it, and in no other. */
export function tokenJson(token: AccessToken, text?: AccessTokenText): TokenJson {
  return {
    id: token.id,
    userId: token.userId,
    name: token.name,
    ...(text === undefined ? {} : { accessToken: text }),
    createdAt: dateJson(token.createdAt),
    expiresAt: dateJson(token.expiresAt),
    lastUsedAt: optionalDateJson(token.lastUsedAt),
  };
}

/** @param current the session that asks. */
export function sessionJson(session: Session, current: SessionId | null): SessionJson {
  return {
    id: session.id,
    current: session.id === current,
    createdAt: dateJson(session.createdAt),
    expiresAt: dateJson(session.expiresAt),
    address: session.address,
    userAgent: session.userAgent,
  };
}

export function signingKeyJson({ key, state, retiresAt }: JudgedSigningKey): SigningKeyJson {
  return {
    id: key.id,
    state,
    createdAt: dateJson(key.createdAt),
    signsFrom: dateJson(key.signsFrom),
    retiresAt: optionalDateJson(retiresAt),
  };
}

/** Nothing of the password, not even whether there is one. */
export function userJson(user: User): UserJson {
  return {
    userId: user.userId,
    name: user.name,
    admin: user.admin,
    locked: user.locked,
    createdDate: dateJson(user.createdAt),
    lastModifiedDate: dateJson(user.lastModifiedAt),
  };
}

export function auditJson({ id, at, changes, ...record }: AuditRecord): AuditJson {
  const { name, by, subject, details, seal } = record;
  const { before, after } = changes;
  return { id: String(id), name, at: dateJson(at), by, subject, before, after, details, seal };
}

/** @param secret in clear in the answer that made it, and in no other. */
export function webhookJson(webhook: Webhook, secret?: WebhookSecret): WebhookJson {
  const { id, appId, url, events, description, enabled, health } = webhook;
  return {
    id,
    appId,
    url,
    events,
    description,
    enabled,
    ...(secret === undefined ? {} : { secret }),
    failures: health.failures,
    restsUntil: optionalDateJson(health.restsUntil),
    createdAt: dateJson(webhook.createdAt),
    lastModifiedAt: dateJson(webhook.lastModifiedAt),
  };
}

export function deliveryJson(delivery: Delivery): DeliveryJson {
  const { eventId, name, status, attempts, nextAt, lastAttemptAt, lastResult } = delivery;
  return {
    eventId,
    type: name,
    status,
    attempts,
    nextAttemptAt: status === 'waiting' ? dateJson(nextAt) : null,
    lastAttemptAt: optionalDateJson(lastAttemptAt),
    lastResult,
  };
}

/** ISO 8601, UTC, with milliseconds. @param ms since 1970 */
function dateJson(ms: number): string {
  return new Date(ms).toISOString();
}

function optionalDateJson(ms: number | null): string | null {
  return ms === null ? null : dateJson(ms);
}
