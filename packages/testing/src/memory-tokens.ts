import {
  PlatformError,
  type AccessToken,
  type Subject,
  type TokenReader,
  type TokenStore,
  type UserId,
} from '@claviger/domain';
import { bearingUser, expired, keep, type MemoryState } from './memory-state.js';

export function memoryTokenReader(state: () => MemoryState): TokenReader {
  return {
    findByMac: async (mac) => {
      const token = [...state().tokens.values()].find((kept) => kept.mac === mac);
      const user = token && bearingUser(state(), token.userId);
      return token && user ? { token, user } : null;
    },
    list: async (userId, page) =>
      tokensOf(state(), userId)
        .filter(({ id }) => page.after === null || id > page.after)
        .slice(0, page.limit),
  };
}

function tokensOf(state: MemoryState, userId: UserId | null): readonly AccessToken[] {
  return [...state.tokens.values()]
    .filter((token) => userId === null || token.userId === userId)
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function subjectOf({ id, userId }: AccessToken): Subject {
  return { kind: 'token', id, name: userId };
}

export function memoryTokenStore(state: MemoryState): TokenStore {
  return {
    find: async (id) => state.tokens.get(id) ?? null,
    add: async (token, because) => {
      if (!state.users.has(token.userId)) throw new PlatformError('user_missing');
      state.tokens.set(token.id, token);
      keep(state, subjectOf(token), because);
    },
    remove: async (token, because) => {
      if (state.tokens.delete(token.id)) keep(state, subjectOf(token), because);
    },
    noteUses: async (uses) => {
      for (const [id, at] of uses) {
        const token = state.tokens.get(id);
        if (token && at > (token.lastUsedAt ?? -1)) state.tokens.set(id, { ...token, lastUsedAt: at });
      }
    },
    removeExpired: async (at, limit) => {
      const gone = expired(state.tokens, at, limit);
      for (const { id } of gone) state.tokens.delete(id);
      return gone.length;
    },
  };
}
