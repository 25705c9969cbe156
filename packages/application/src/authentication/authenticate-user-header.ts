import type { UserCaller, UserId } from '@claviger/domain';
import type { Ports } from '../ports.js';
import { callerOf } from './user-caller.js';

/** The user that a header names, with nothing to prove it. */
export interface HeaderClaim {
  readonly userId: UserId;
}

/** The user behind a bare header: only where access tokens are switched off and whoever sends it is trusted. @throws user_locked */
export const authenticateUserHeader =
  ({ users }: Pick<Ports, 'users'>) =>
  async (claim: HeaderClaim): Promise<UserCaller> =>
    callerOf((await users.find(claim.userId)) ?? { userId: claim.userId, admin: false, locked: false });
