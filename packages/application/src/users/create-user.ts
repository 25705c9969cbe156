import {
  demandAdmin,
  happened,
  parsePassword,
  parseUserId,
  registerUser,
  type Caller,
  type User,
  userChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { demandUncommon } from './demand-uncommon.js';

export interface NewUser {
  readonly userId: string;
  readonly name?: string | null | undefined;
  readonly admin?: boolean | null | undefined;
  /** Left out or null: the user cannot log in here. */
  readonly password?: string | null | undefined;
}

/** Registers a user. @throws field_invalid, user_exists */
export const createUser =
  ({ unitOfWork, passwords, clock }: Pick<Ports, 'unitOfWork' | 'passwords' | 'clock'>) =>
  async (caller: Caller, given: NewUser): Promise<User> => {
    const userId = parseUserId(given.userId);
    const password = given.password === null || given.password === undefined ? null : parsePassword(given.password);
    const actor = demandAdmin(caller);
    if (password !== null) await demandUncommon(passwords, password);
    const now = clock.now();
    const passwordHash = password === null ? null : await passwords.hash(password);
    const user = registerUser({ userId, name: given.name ?? null, admin: given.admin ?? false, passwordHash, now });
    const because = happened(actor, now, userChanges(null, user));
    await unitOfWork.run(({ users }) => users.add(user, { name: 'user.registered', ...because }));
    return user;
  };
