import {
  changePassword as withPassword,
  demandAdmin,
  happened,
  isActingAdmin,
  lockUser as lock,
  parsePassword,
  parseUserId,
  PlatformError,
  type Caller,
  type User,
  type UserId,
  type UserStore,
  userChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { demandUncommon } from './demand-uncommon.js';

type Writing = Pick<Ports, 'unitOfWork' | 'clock'>;

/** Sets a new password and ends the user's sessions. @throws user_missing, field_invalid */
export const changePassword =
  ({ unitOfWork, clock, passwords }: Writing & Pick<Ports, 'passwords'>) =>
  async (caller: Caller, given: { userId: string; password: string }): Promise<void> => {
    const userId = parseUserId(given.userId);
    const password = parsePassword(given.password);
    const actor = demandAdmin(caller);
    await demandUncommon(passwords, password);
    const now = clock.now();
    const hash = await passwords.hash(password);
    await unitOfWork.run(async ({ users, sessions }) => {
      const user = await demandUser(users, userId);
      await sessions.removeAllOf(userId);
      const after = withPassword(user, hash, now);
      const because = happened(actor, now, userChanges(user, after));
      await users.save(after, { name: 'user.password_changed', ...because });
    });
  };

/** Locks or unlocks a user: a locked user is nobody's caller. @throws user_missing, admin_is_last */
export const lockUser =
  ({ unitOfWork, clock }: Writing) =>
  async (caller: Caller, given: { userId: string; locked: boolean }): Promise<void> => {
    const userId = parseUserId(given.userId);
    const actor = demandAdmin(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ users }) => {
      const user = await demandUser(users, userId);
      if (given.locked) await demandAnotherAdmin(users, user);
      const name = given.locked ? 'user.locked' : 'user.unlocked';
      const after = lock(user, given.locked, now);
      await users.save(after, { name, ...happened(actor, now, userChanges(user, after)) });
    });
  };

/** Deletes a user; the accounts they own stay. @throws user_missing, admin_is_last */
export const deleteUser =
  ({ unitOfWork, clock }: Writing) =>
  async (caller: Caller, given: { userId: string }): Promise<void> => {
    const userId = parseUserId(given.userId);
    const actor = demandAdmin(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ users }) => {
      const user = await demandUser(users, userId);
      await demandAnotherAdmin(users, user);
      await users.remove(user, { name: 'user.deleted', ...happened(actor, now, userChanges(user, null)) });
    });
  };

/** @throws user_missing */
export async function demandUser(users: UserStore, userId: UserId): Promise<User> {
  const user = await users.find(userId);
  if (!user) throw new PlatformError('user_missing');
  return user;
}

/** Without an admin nobody could make one over HTTP again. */
export async function demandAnotherAdmin(users: UserStore, leaving: User): Promise<void> {
  if (isActingAdmin(leaving) && (await users.countActingAdmins()) === 1) throw new PlatformError('admin_is_last');
}
