import { PlatformError, type BearingUser, type UserCaller, type UserId } from '@claviger/domain';

/**
 * The caller that a user's own proof makes.
 * @param named the user that a header named beside the proof, if one did
 * @throws user_locked
 * @throws user_differs when the header names somebody else
 */
export function callerOf(user: BearingUser, named: UserId | null = null): UserCaller {
  if (user.locked) throw new PlatformError('user_locked');
  if (named !== null && named !== user.userId) throw new PlatformError('user_differs');
  return { kind: 'user', userId: user.userId, admin: user.admin, account: null };
}
