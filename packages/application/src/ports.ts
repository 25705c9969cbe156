import type {
  AccountReader,
  BearerSecrets,
  Clock,
  CredentialPolicy,
  FailureGuard,
  Ids,
  Passwords,
  Secrets,
  SessionReader,
  TokenReader,
  UnitOfWork,
  UserReader,
} from '@claviger/domain';

/** All that the use cases need of the world. Each names the ones it uses. */
export interface Ports {
  readonly accounts: AccountReader;
  readonly users: UserReader;
  readonly tokens: TokenReader;
  readonly sessions: SessionReader;
  readonly unitOfWork: UnitOfWork;
  readonly secrets: Secrets;
  readonly bearerSecrets: BearerSecrets;
  readonly passwords: Passwords;
  readonly failures: FailureGuard;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly policy: CredentialPolicy;
}
