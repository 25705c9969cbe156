import type {
  AccessToken,
  Account,
  AccountId,
  Authorization,
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
