import { PlatformError, type Session, type SessionReader, type SessionStore, type Subject } from '@claviger/domain';
import { bearingUser, expired, keep, type MemoryState } from './memory-state.js';

export function memorySessionReader(state: () => MemoryState): SessionReader {
  return {
    findByMac: async (mac) => {
      const session = [...state().sessions.values()].find((kept) => kept.mac === mac);
      const user = session && bearingUser(state(), session.userId);
      return session && user ? { session, user } : null;
    },
    list: async (userId) =>
      [...state().sessions.values()]
        .filter((session) => session.userId === userId)
        .toSorted((one, other) => (one.id < other.id ? -1 : 1)),
  };
}

function subjectOf({ id, userId }: Session): Subject {
  return { kind: 'session', id, name: userId };
}

export function memorySessionStore(state: MemoryState): SessionStore {
  return {
    find: async (id) => state.sessions.get(id) ?? null,
    add: async (session, because) => {
      if (!state.users.has(session.userId)) throw new PlatformError('user_missing');
      state.sessions.set(session.id, session);
      keep(state, subjectOf(session), because);
    },
    remove: async (session, because) => {
      if (state.sessions.delete(session.id)) keep(state, subjectOf(session), because);
    },
    removeAllOf: async (userId) => {
      for (const session of state.sessions.values()) if (session.userId === userId) state.sessions.delete(session.id);
    },
    removeExpired: async (at, limit) => {
      const gone = expired(state.sessions, at, limit);
      for (const { id } of gone) state.sessions.delete(id);
      return gone.length;
    },
  };
}
