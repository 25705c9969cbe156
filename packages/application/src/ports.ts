import type { AccountReader, Clock, Ids, Passwords, Secrets, UnitOfWork, UserReader } from '@claviger/domain';

/** All that the use cases need of the world. Each names the ones it uses. */
export interface Ports {
  readonly accounts: AccountReader;
  readonly users: UserReader;
  readonly unitOfWork: UnitOfWork;
  readonly secrets: Secrets;
  readonly passwords: Passwords;
  readonly ids: Ids;
  readonly clock: Clock;
}
