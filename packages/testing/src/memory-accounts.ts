import {
  appIdKey,
  PlatformError,
  type AccessKey,
  type Account,
  type AccountFilter,
  type AccountStore,
  type AppId,
  type KeyHolder,
} from '@claviger/domain';
import { authorizationKey } from './memory-authorizations.js';
import type { MemoryState } from './memory-state.js';

export function findAccount(state: MemoryState, appId: AppId): Account | null {
  for (const account of state.accounts.values()) if (appIdKey(account.appId) === appIdKey(appId)) return account;
  return null;
}

export function findKeyHolder(state: MemoryState, accessKey: AccessKey): KeyHolder | null {
  for (const account of state.accounts.values()) {
    const credential = account.credentials.find((held) => held.accessKey === accessKey);
    const { appId, owner, locked, grantTypes, scope } = account;
    if (credential) return { account: { appId, owner, locked, grantTypes, scope }, credential };
  }
  return null;
}

/** In order of creation. */
export function selectAccounts(state: MemoryState, filter: AccountFilter): readonly Account[] {
  return [...state.accounts.values()]
    .filter((account) => isWanted(state, filter, account))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));
}

function isWanted(state: MemoryState, filter: AccountFilter, account: Account): boolean {
  const { owner, locked, grantType, scope, q, authorizedBy } = filter;
  if (owner !== undefined && account.owner !== owner) return false;
  if (locked !== undefined && account.locked !== locked) return false;
  if (grantType !== undefined && !account.grantTypes.includes(grantType)) return false;
  if (scope !== undefined && !account.scope.includes(scope)) return false;
  if (authorizedBy !== undefined && !state.authorizations.has(authorizationKey(authorizedBy, account.id))) return false;
  if (q === undefined) return true;
  return [account.appId, account.description ?? ''].some((text) => text.toLowerCase().includes(q.toLowerCase()));
}

export function memoryAccountStore(state: MemoryState): AccountStore {
  return {
    find: async (appId) => findAccount(state, appId),
    add: async (account, because) => {
      if (findAccount(state, account.appId)) throw new PlatformError('account_exists');
      state.accounts.set(account.id, account);
      state.events.push(because);
    },
    save: async (account, because) => {
      demandFresh(state, account);
      state.accounts.set(account.id, { ...account, version: account.version + 1 });
      state.events.push(because);
    },
    remove: async (account, because) => {
      demandFresh(state, account);
      state.accounts.delete(account.id);
      for (const [key, { accountId }] of state.authorizations)
        if (accountId === account.id) state.authorizations.delete(key);
      state.events.push(because);
    },
  };
}

function demandFresh(state: MemoryState, account: Account): void {
  if (state.accounts.get(account.id)?.version !== account.version) throw new PlatformError('write_was_stale');
}
