import {
  recordOf,
  type AuditRecord,
  type Delivery,
  type DraftRecord,
  type OAuthArtifact,
  type Job,
  type Subject,
  type TaskName,
  type Webhook,
  type WebhookId,
  type AccessToken,
  type Account,
  type AccountId,
  type Authorization,
  type BearingUser,
  type DomainEvent,
  type Session,
  type SessionId,
  type SigningKey,
  type SigningKeyId,
  type TokenId,
  type User,
  type UserId,
} from '@claviger/domain';

/** All that is kept. Values are immutable, so a copy of the containers is a copy of the database. */
export interface MemoryState {
  readonly accounts: Map<AccountId, Account>;
  readonly users: Map<UserId, User>;
  readonly authorizations: Map<string, Authorization>;
  readonly tokens: Map<TokenId, AccessToken>;
  readonly sessions: Map<SessionId, Session>;
  readonly webhooks: Map<WebhookId, Webhook>;
  /** By webhook and event. */
  readonly deliveries: Map<string, Delivery>;
  /** Oldest first. */
  readonly records: KeptRecord[];
  /** Every record there ever was has a number of its own. */
  readonly counted: { records: number };
  readonly jobs: Map<string, Job>;
  readonly periods: Map<TaskName, number>;
  /** By kind and hash. */
  readonly artifacts: Map<string, OAuthArtifact>;
  readonly signingKeys: Map<SigningKeyId, SigningKey>;
}

export interface KeptRecord extends AuditRecord {
  readonly published: boolean;
}

/** Writes down a change beside it. */
export function keep(state: MemoryState, subject: Subject, because: DomainEvent): void {
  keepRecord(state, recordOf(subject, because));
}

export function keepRecord(state: MemoryState, record: DraftRecord): void {
  state.records.push({ ...record, id: ++state.counted.records, seal: null, published: false });
}

/** The user as far as calls are judged by it; null when there is none. */
export function bearingUser(state: MemoryState, userId: UserId): BearingUser | null {
  const user = state.users.get(userId);
  return user ? { userId, admin: user.admin, locked: user.locked } : null;
}

/** At most `limit` that expired before that, the oldest first. */
export function expired<T extends { readonly expiresAt: number }>(
  kept: ReadonlyMap<unknown, T>,
  at: number,
  limit: number,
): readonly T[] {
  return [...kept.values()]
    .filter(({ expiresAt }) => expiresAt < at)
    .toSorted((one, other) => one.expiresAt - other.expiresAt)
    .slice(0, limit);
}
