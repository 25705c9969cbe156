import { demandActor, PlatformError, type Caller, type User } from '@claviger/domain';
import type { Ports } from '../ports.js';

export type Self = Pick<User, 'userId' | 'name' | 'admin'>;

/** Who the calling user is; one that the service does not know has no name. @throws not_allowed for who is no user */
export const showSelf =
  ({ users }: Pick<Ports, 'users'>) =>
  async (caller: Caller): Promise<Self> => {
    const actor = demandActor(caller);
    if (actor.kind !== 'user') throw new PlatformError('not_allowed');
    const { userId, admin } = actor;
    const user = await users.find(userId);
    return { userId, name: user?.name ?? null, admin };
  };
