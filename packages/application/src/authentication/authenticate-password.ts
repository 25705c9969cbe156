import { PlatformError, USER_ID_PATTERN, type User, type UserCaller, type UserId } from '@claviger/domain';
import type { Ports } from '../ports.js';
import { callerOf } from './user-caller.js';

export interface PasswordClaim {
  readonly userId: string;
  readonly password: string;
  /** The user that a header named beside the password, if one did. */
  readonly named?: UserId | null;
}

/**
 * The user behind a password. Unknown users, users without a password and wrong passwords sound and last the same.
 * @throws caller_unknown
 * @throws user_locked, user_differs only to whoever knows the password
 */
export const authenticatePassword =
  ({ users, passwords }: Pick<Ports, 'users' | 'passwords'>) =>
  async (claim: PasswordClaim): Promise<UserCaller> => {
    const user: User | null = USER_ID_PATTERN.test(claim.userId) ? await users.find(claim.userId as UserId) : null;
    const matches = await passwords.verify(claim.password, user?.passwordHash ?? null);
    if (!user || !matches) throw new PlatformError('caller_unknown');
    return callerOf(user, claim.named);
  };
