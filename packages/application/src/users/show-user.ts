import { demandAdmin, parseUserId, PlatformError, type Caller, type User } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** One user, for admins. @throws user_missing */
export const showUser =
  ({ users }: Pick<Ports, 'users'>) =>
  async (caller: Caller, given: { userId: string }): Promise<User> => {
    const userId = parseUserId(given.userId);
    demandAdmin(caller);
    const user = await users.find(userId);
    if (!user) throw new PlatformError('user_missing');
    return user;
  };
