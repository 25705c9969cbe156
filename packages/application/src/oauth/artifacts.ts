import type { ArtifactHash, OAuthArtifact, UserId } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** An artifact as the authorization server knows it: by the appId and not by the account's own id. */
export interface ArtifactToKeep extends Omit<OAuthArtifact, 'accountId' | 'userId' | 'consumedAt'> {
  readonly userId: string | null;
  readonly appId: string | null;
}

/** What the authorization server keeps and finds again; nothing of it in clear. */
export const oauthArtifacts = ({
  oauth,
  accounts,
  unitOfWork,
  clock,
}: Pick<Ports, 'oauth' | 'accounts' | 'unitOfWork' | 'clock'>) => ({
  /** Null also when it has expired. */
  find: async (kind: string, idHash: ArtifactHash): Promise<OAuthArtifact | null> => {
    const found = await oauth.find(kind, idHash);
    return found && found.expiresAt > clock.now() ? found : null;
  },
  /** @throws authorization_missing when user and account are no pair, or no longer */
  put: async ({ appId, ...artifact }: ArtifactToKeep): Promise<void> => {
    const account = appId === null ? null : await accounts.find(appId as Parameters<typeof accounts.find>[0]);
    const accountId = account?.id ?? null;
    const userId = artifact.userId as UserId | null;
    await unitOfWork.run((stores) => stores.oauth.put({ ...artifact, userId, accountId, consumedAt: null }));
  },
  /** False when somebody else was faster. */
  consume: (kind: string, idHash: ArtifactHash): Promise<boolean> => {
    const now = clock.now();
    return unitOfWork.run((stores) => stores.oauth.consume(kind, idHash, now));
  },
  remove: (kind: string, idHash: ArtifactHash): Promise<void> =>
    unitOfWork.run((stores) => stores.oauth.remove(kind, idHash)),
  revokeGrant: (grantHash: ArtifactHash): Promise<void> =>
    unitOfWork.run((stores) => stores.oauth.revokeGrant(grantHash)),
});
