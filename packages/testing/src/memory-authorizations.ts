import {
  PlatformError,
  type AccountId,
  type Authorization,
  type AuthorizationStore,
  type Subject,
  type UserId,
} from '@claviger/domain';
import { removeArtifacts } from './memory-artifacts.js';
import { keep, type MemoryState } from './memory-state.js';

export function authorizationKey(userId: UserId, accountId: AccountId): string {
  return `${userId} ${accountId}`;
}

function subjectOf({ userId, accountId }: Authorization): Subject {
  return { kind: 'authorization', id: accountId, name: userId };
}

export function memoryAuthorizationStore(state: MemoryState): AuthorizationStore {
  return {
    find: async (userId, accountId) => state.authorizations.get(authorizationKey(userId, accountId)) ?? null,
    put: async (authorization, because) => {
      if (!state.accounts.has(authorization.accountId)) throw new PlatformError('write_was_stale');
      const key = authorizationKey(authorization.userId, authorization.accountId);
      const lastUsedAt = state.authorizations.get(key)?.lastUsedAt ?? null;
      state.authorizations.set(key, { ...authorization, lastUsedAt });
      keep(state, subjectOf(authorization), because);
    },
    remove: async (authorization, because) => {
      const { userId, accountId } = authorization;
      if (!state.authorizations.delete(authorizationKey(userId, accountId))) throw new PlatformError('write_was_stale');
      removeArtifacts(state, (kept) => kept.userId === userId && kept.accountId === accountId);
      keep(state, subjectOf(authorization), because);
    },
    noteUses: async (uses) => {
      for (const { userId, accountId, at } of uses) {
        const found = state.authorizations.get(authorizationKey(userId, accountId));
        if (found && (found.lastUsedAt ?? 0) < at)
          state.authorizations.set(authorizationKey(userId, accountId), { ...found, lastUsedAt: at });
      }
    },
  };
}
