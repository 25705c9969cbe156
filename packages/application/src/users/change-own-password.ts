import {
  changePassword,
  demandActor,
  happened,
  parsePassword,
  PlatformError,
  type Caller,
  userChanges,
  type Origin,
} from '@claviger/domain';
import type { Authenticate } from '../authentication/authenticate.js';
import type { Ports } from '../ports.js';
import { demandUncommon } from './demand-uncommon.js';

/**
 * Sets the caller's own password and ends all of their sessions. Whoever guesses at the old one is counted as at a login.
 * @throws password_differs when the old one is wrong
 * @throws field_invalid, user_missing, too_many_requests
 */
export const changeOwnPassword =
  (
    { users, unitOfWork, clock, passwords }: Pick<Ports, 'users' | 'unitOfWork' | 'clock' | 'passwords'>,
    authenticate: Authenticate,
  ) =>
  async (caller: Caller, given: { oldPassword: string; newPassword: string }, origin: Origin): Promise<void> => {
    const password = parsePassword(given.newPassword, 'newPassword');
    const actor = demandActor(caller);
    await demandUncommon(passwords, password, 'newPassword');
    const known = actor.kind === 'user' ? await users.find(actor.userId) : null;
    if (!known) throw new PlatformError('user_missing');
    const claim = { scheme: 'password', userId: known.userId, password: given.oldPassword } as const;
    try {
      await authenticate(claim, origin);
    } catch (error) {
      const wrong = error instanceof PlatformError && error.kind === 'unauthenticated';
      throw wrong ? new PlatformError('password_differs') : error;
    }
    const [hash, now] = [await passwords.hash(password), clock.now()];
    await unitOfWork.run(async (stores) => {
      const user = await stores.users.find(known.userId);
      // Somebody set another password since the old one was compared.
      if (user?.passwordHash !== known.passwordHash) throw new PlatformError('password_differs');
      const after = changePassword(user, hash, now);
      await stores.users.save(after, {
        name: 'user.password_changed',
        ...happened(actor, now, userChanges(user, after)),
      });
      await stores.sessions.removeAllOf(user.userId);
    });
  };
