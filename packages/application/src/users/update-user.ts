import {
  amendUser,
  demandAdmin,
  happened,
  isActingAdmin,
  parseUserId,
  parseUserName,
  type Caller,
  type User,
  type UserAmendment,
  userChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { demandAnotherAdmin, demandUser } from './change-user.js';

/** Amends a user; what is left out stays. @throws field_invalid, user_missing, admin_is_last */
export const updateUser =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: UserAmendment & { userId: string }): Promise<User> => {
    const userId = parseUserId(given.userId);
    parseUserName(given.name ?? '');
    const actor = demandAdmin(caller);
    const now = clock.now();
    return unitOfWork.run(async ({ users }) => {
      const user = await demandUser(users, userId);
      const after = amendUser(user, given, now);
      if (!isActingAdmin(after)) await demandAnotherAdmin(users, user);
      await users.save(after, { name: 'user.amended', ...happened(actor, now, userChanges(user, after)) });
      return after;
    });
  };
