import {
  isClient,
  PlatformError,
  type AccountId,
  type OAuthArtifact,
  type OAuthArtifactReader,
  type OAuthArtifactStore,
  type UserId,
} from '@claviger/domain';
import { bearingUser, expired, type MemoryState } from './memory-state.js';

const keyOf = (kind: string, idHash: string): string => `${kind} ${idHash}`;

export function removeArtifacts(state: MemoryState, isLeaving: (artifact: OAuthArtifact) => boolean): void {
  for (const [key, artifact] of state.artifacts) if (isLeaving(artifact)) state.artifacts.delete(key);
}

export function memoryArtifactReader(state: () => MemoryState): OAuthArtifactReader {
  return {
    find: async (kind, idHash) => state().artifacts.get(keyOf(kind, idHash)) ?? null,
    findGranted: async (kind, idHash) => {
      const artifact = state().artifacts.get(keyOf(kind, idHash));
      const account = artifact?.accountId ? state().accounts.get(artifact.accountId) : undefined;
      const user = artifact?.userId ? bearingUser(state(), artifact.userId) : null;
      if (!artifact || !account || !user) return null;
      const { id, appId, scope, locked, grantTypes } = account;
      const grant = artifact.grantHash === null ? undefined : state().artifacts.get(keyOf('Grant', artifact.grantHash));
      const expiresAt = Math.min(artifact.expiresAt, grant?.expiresAt ?? Infinity);
      return { artifact: { ...artifact, expiresAt }, account: { id, appId, scope, locked, grantTypes }, user };
    },
    authorizationsOf: async (userId, accountIds) =>
      accountIds.flatMap((accountId) => state().authorizations.get(`${userId} ${accountId}`) ?? []),
    authorization: async (userId, accountId) => state().authorizations.get(`${userId} ${accountId}`) ?? null,
  };
}

export function memoryArtifactStore(state: MemoryState): OAuthArtifactStore {
  const { artifacts } = state;
  return {
    put: async (artifact) => {
      const { kind, idHash, grantHash, userId, accountId } = artifact;
      demandPair(state, userId, accountId);
      if (grantHash !== null && kind !== 'Grant' && !artifacts.has(keyOf('Grant', grantHash)))
        throw new PlatformError('authorization_missing');
      const consumedAt = artifacts.get(keyOf(kind, idHash))?.consumedAt ?? artifact.consumedAt;
      artifacts.set(keyOf(kind, idHash), { ...artifact, consumedAt });
    },
    consume: async (kind, idHash, at) => {
      const found = artifacts.get(keyOf(kind, idHash));
      if (!found || found.consumedAt !== null) return false;
      artifacts.set(keyOf(kind, idHash), { ...found, consumedAt: at });
      return true;
    },
    remove: async (kind, idHash) => void artifacts.delete(keyOf(kind, idHash)),
    revokeGrant: async (grantHash) => removeArtifacts(state, (kept) => kept.grantHash === grantHash),
    removeExpired: async (at, limit) => {
      const gone = expired(artifacts, at, limit);
      for (const { kind, idHash } of gone) artifacts.delete(keyOf(kind, idHash));
      return gone.length;
    },
  };
}

function demandPair(state: MemoryState, userId: UserId | null, accountId: AccountId | null): void {
  const user = userId === null ? null : state.users.get(userId);
  const account = accountId === null ? null : state.accounts.get(accountId);
  const missing = user === undefined || account === undefined || user?.locked || (account && !isClient(account));
  const pair = user && account ? state.authorizations.has(`${user.userId} ${account.id}`) : true;
  if (missing || !pair) throw new PlatformError('authorization_missing');
}
