import { changePassword, happened, parsePassword, PlatformError, type Caller } from '@claviger/domain';
import type { Ports } from '../ports.js';
import { demandUncommon } from './demand-uncommon.js';

/**
 * Sets the caller's own password and ends all of their sessions. @throws password_differs when the old one is wrong
 * @throws field_invalid, user_missing
 */
export const changeOwnPassword =
  ({ users, unitOfWork, clock, passwords }: Pick<Ports, 'users' | 'unitOfWork' | 'clock' | 'passwords'>) =>
  async (caller: Caller, given: { oldPassword: string; newPassword: string }): Promise<void> => {
    const password = parsePassword(given.newPassword, 'newPassword');
    await demandUncommon(passwords, password, 'newPassword');
    const known = caller.kind === 'user' ? await users.find(caller.userId) : null;
    if (!known) throw new PlatformError('user_missing');
    if (!(await passwords.verify(given.oldPassword, known.passwordHash))) throw new PlatformError('password_differs');
    const [hash, now] = [await passwords.hash(password), clock.now()];
    await unitOfWork.run(async (stores) => {
      const user = await stores.users.find(known.userId);
      // Somebody set another password since the old one was compared.
      if (user?.passwordHash !== known.passwordHash) throw new PlatformError('password_differs');
      await stores.users.save(changePassword(user, hash, now), {
        name: 'user.password_changed',
        ...happened(caller, now),
      });
      await stores.sessions.removeAllOf(user.userId);
    });
  };
