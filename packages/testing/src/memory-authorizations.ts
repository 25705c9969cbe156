import { PlatformError, type AccountId, type AuthorizationStore, type UserId } from '@claviger/domain';
import type { MemoryState } from './memory-state.js';

export function authorizationKey(userId: UserId, accountId: AccountId): string {
  return `${userId} ${accountId}`;
}

export function memoryAuthorizationStore(state: MemoryState): AuthorizationStore {
  return {
    find: async (userId, accountId) => state.authorizations.get(authorizationKey(userId, accountId)) ?? null,
    put: async (authorization, because) => {
      if (!state.accounts.has(authorization.accountId)) throw new PlatformError('write_was_stale');
      state.authorizations.set(authorizationKey(authorization.userId, authorization.accountId), authorization);
      state.events.push(because);
    },
    remove: async ({ userId, accountId }, because) => {
      if (!state.authorizations.delete(authorizationKey(userId, accountId))) throw new PlatformError('write_was_stale');
      state.events.push(because);
    },
  };
}
