import {
  appIdKey,
  isClient,
  isLive,
  PlatformError,
  type AccessKey,
  type Account,
  type AccountFilter,
  type AccountStore,
  type AppId,
  type Credential,
  type KeyHolder,
  type Subject,
} from '@claviger/domain';
import { removeArtifacts } from './memory-artifacts.js';
import { authorizationKey } from './memory-authorizations.js';
import { keep, type MemoryState } from './memory-state.js';
import { removeWebhooksOf } from './memory-webhooks.js';

export function findAccount(state: MemoryState, appId: AppId): Account | null {
  for (const account of state.accounts.values()) if (appIdKey(account.appId) === appIdKey(appId)) return account;
  return null;
}

export function findKeyHolder(state: MemoryState, accessKey: AccessKey): KeyHolder | null {
  for (const account of state.accounts.values()) {
    const credential = account.credentials.find((held) => held.accessKey === accessKey);
    if (credential) return holderOf(account, credential);
  }
  return null;
}

export function keysOf(account: Account | null): readonly KeyHolder[] {
  return account?.credentials.map((credential) => holderOf(account, credential)) ?? [];
}

function holderOf({ appId, owner, locked, grantTypes, scope }: Account, credential: Credential): KeyHolder {
  return { account: { appId, owner, locked, grantTypes, scope }, credential };
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
  if (!hasWantedCredential(filter, account)) return false;
  if (q === undefined) return true;
  return [account.appId, account.description ?? ''].some((text) => text.toLowerCase().includes(q.toLowerCase()));
}

function hasWantedCredential(filter: AccountFilter, { credentials }: Account): boolean {
  const { expiring, unusedSince, neverUsed, retiringWhenIdle } = filter;
  const has = (isWantedOne: (held: Credential) => boolean): boolean => credentials.some(isWantedOne);
  const isUnused = ({ createdAt, lastUsedAt }: Credential, since: number) =>
    createdAt < since && (lastUsedAt === null || lastUsedAt < since);
  return [
    !expiring ||
      has((held) => isLive(held, expiring.after) && held.expiresAt !== null && held.expiresAt <= expiring.until),
    unusedSince === undefined || has((held) => isUnused(held, unusedSince)),
    neverUsed === undefined || has((held) => held.lastUsedAt === null) === neverUsed,
    retiringWhenIdle === undefined ||
      has((held) => held.superseded?.retire === 'after-idle' && isLive(held, retiringWhenIdle)),
  ].every(Boolean);
}

export function memoryAccountStore(state: MemoryState): AccountStore {
  return {
    find: async (appId) => findAccount(state, appId),
    add: async (account, because) => {
      if (findAccount(state, account.appId)) throw new PlatformError('account_exists');
      state.accounts.set(account.id, account);
      keep(state, subjectOf(account), because);
    },
    save: async (account, because) => {
      demandFresh(state, account);
      const credentials = withNotedUses(account, state.accounts.get(account.id));
      state.accounts.set(account.id, { ...account, credentials, version: account.version + 1 });
      if (!isClient(account)) removeArtifacts(state, ({ accountId }) => accountId === account.id);
      keep(state, subjectOf(account), because);
    },
    noteUses: async (uses) => {
      for (const account of state.accounts.values()) {
        const credentials = account.credentials.map((held) => {
          const use = uses.get(held.accessKey);
          return use && use.at > (held.lastUsedAt ?? -1)
            ? { ...held, lastUsedAt: use.at, lastUsedFrom: use.from }
            : held;
        });
        state.accounts.set(account.id, { ...account, credentials });
      }
    },
    remove: async (account, because) => {
      demandFresh(state, account);
      state.accounts.delete(account.id);
      for (const [key, { accountId }] of state.authorizations)
        if (accountId === account.id) state.authorizations.delete(key);
      removeWebhooksOf(state, account.id);
      removeArtifacts(state, ({ accountId }) => accountId === account.id);
      keep(state, subjectOf(account), because);
    },
  };
}

function subjectOf({ id, appId }: Account): Subject {
  return { kind: 'account', id, name: appId };
}

/** What is saved was read before: a use that was noted since is not taken back. */
function withNotedUses({ credentials }: Account, stored: Account | undefined): readonly Credential[] {
  return credentials.map((held) => {
    const kept = stored?.credentials.find(({ accessKey }) => accessKey === held.accessKey);
    return kept ? { ...held, lastUsedAt: kept.lastUsedAt, lastUsedFrom: kept.lastUsedFrom } : held;
  });
}

function demandFresh(state: MemoryState, account: Account): void {
  if (state.accounts.get(account.id)?.version !== account.version) throw new PlatformError('write_was_stale');
}
