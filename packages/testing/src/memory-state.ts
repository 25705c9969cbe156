import type {
  AccessToken,
  Account,
  AccountId,
  Authorization,
  BearingUser,
  DomainEvent,
  Session,
  SessionId,
  TokenId,
  User,
  UserId,
} from '@claviger/domain';

/** All that is kept. Values are immutable, so a copy of the containers is a copy of the database. */
export interface MemoryState {
  readonly accounts: Map<AccountId, Account>;
  readonly users: Map<UserId, User>;
  readonly authorizations: Map<string, Authorization>;
  readonly tokens: Map<TokenId, AccessToken>;
  readonly sessions: Map<SessionId, Session>;
  readonly events: DomainEvent[];
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
