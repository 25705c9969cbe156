import { demandAdmin, type Caller, type User, type UserId } from '@claviger/domain';
import type { Ports } from '../ports.js';

const CHUNK = 500;

/** All users in order of userId, for admins. */
export const listUsers = ({ users }: Pick<Ports, 'users'>) =>
  async function* (caller: Caller): AsyncGenerator<User> {
    demandAdmin(caller);
    for (let after: UserId | null = null; ;) {
      const chunk: readonly User[] = await users.list({ limit: CHUNK, after });
      yield* chunk;
      after = chunk.at(-1)?.userId ?? null;
      if (chunk.length < CHUNK) return;
    }
  };
