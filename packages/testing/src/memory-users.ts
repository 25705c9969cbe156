import { isActingAdmin, PlatformError, type Subject, type User, type UserStore } from '@claviger/domain';
import { removeArtifacts } from './memory-artifacts.js';
import { keep, type MemoryState } from './memory-state.js';

export function byName(one: User, other: User): number {
  return one.userId < other.userId ? -1 : 1;
}

export function memoryUserStore(state: MemoryState): UserStore {
  return {
    find: async (userId) => state.users.get(userId) ?? null,
    isEmpty: async () => state.users.size === 0,
    countActingAdmins: async () => [...state.users.values()].filter(isActingAdmin).length,
    add: async (user, because) => {
      if (state.users.has(user.userId)) throw new PlatformError('user_exists');
      state.users.set(user.userId, user);
      keep(state, subjectOf(user), because);
    },
    save: async (user, because) => {
      demandFresh(state, user);
      state.users.set(user.userId, { ...user, version: user.version + 1 });
      if (user.locked) removeArtifacts(state, ({ userId }) => userId === user.userId);
      keep(state, subjectOf(user), because);
    },
    remove: async (user, because) => {
      demandFresh(state, user);
      state.users.delete(user.userId);
      for (const token of state.tokens.values()) if (token.userId === user.userId) state.tokens.delete(token.id);
      for (const session of state.sessions.values())
        if (session.userId === user.userId) state.sessions.delete(session.id);
      removeArtifacts(state, ({ userId }) => userId === user.userId);
      keep(state, subjectOf(user), because);
    },
  };
}

function subjectOf({ userId }: User): Subject {
  return { kind: 'user', id: userId, name: userId };
}

function demandFresh(state: MemoryState, user: User): void {
  if (state.users.get(user.userId)?.version !== user.version) throw new PlatformError('write_was_stale');
}
