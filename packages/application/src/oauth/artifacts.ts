import {
  GRANTED_KINDS,
  isExpired,
  scopeLeft,
  type ArtifactHash,
  type GrantedArtifact,
  type GrantedKind,
  type OAuthArtifact,
  type UserId,
} from '@claviger/domain';
import type { LastUse } from '../last-use.js';
import type { Ports } from '../ports.js';

/** An artifact as the authorization server knows it: by the appId and not by the account's own id. */
export interface ArtifactToKeep extends Omit<OAuthArtifact, 'accountId' | 'userId' | 'consumedAt'> {
  readonly userId: string | null;
  readonly appId: string | null;
}

type Needs = Pick<Ports, 'oauth' | 'accounts' | 'unitOfWork' | 'clock'>;

/** What the authorization server keeps and finds again; nothing of it in clear. */
export const oauthArtifacts = (ports: Needs, lastUse: LastUse) => ({
  find: findArtifact(ports, lastUse),
  /** @throws authorization_missing when user and account are no pair, or no longer */
  put: async ({ appId, ...artifact }: ArtifactToKeep): Promise<void> => {
    const { accounts, unitOfWork } = ports;
    const account = appId === null ? null : await accounts.find(appId as Parameters<typeof accounts.find>[0]);
    const accountId = account?.id ?? null;
    const userId = artifact.userId as UserId | null;
    await unitOfWork.run((stores) => stores.oauth.put({ ...artifact, userId, accountId, consumedAt: null }));
  },
  /** False when somebody else was faster. */
  consume: (kind: string, idHash: ArtifactHash): Promise<boolean> => {
    const now = ports.clock.now();
    return ports.unitOfWork.run((stores) => stores.oauth.consume(kind, idHash, now));
  },
  remove: (kind: string, idHash: ArtifactHash): Promise<void> =>
    ports.unitOfWork.run((stores) => stores.oauth.remove(kind, idHash)),
  revokeGrant: (grantHash: ArtifactHash): Promise<void> =>
    ports.unitOfWork.run((stores) => stores.oauth.revokeGrant(grantHash)),
});

/** Null also when it has expired. What was granted is found with no more scope than is left of it. */
function findArtifact({ oauth, clock }: Needs, lastUse: LastUse) {
  const living = <T>(found: T | null, artifact: OAuthArtifact | undefined, now: number): T | null =>
    found && artifact && !isExpired(artifact, now) ? found : null;
  return async (kind: string, idHash: ArtifactHash): Promise<OAuthArtifact | null> => {
    if (!isGrantedKind(kind)) {
      const found = await oauth.find(kind, idHash);
      return living(found, found ?? undefined, clock.now());
    }
    const read = await oauth.findGranted(kind, idHash);
    const now = clock.now();
    const found: GrantedArtifact | null = living(read, read?.artifact, now);
    if (!found) return null;
    if (USES.includes(kind)) lastUse.noteAuthorization({ userId: found.user.userId, accountId: found.account.id }, now);
    return { ...found.artifact, scope: scopeLeft(found) };
  };
}

/** Whoever shows one of these acts for the user. */
const USES: readonly GrantedKind[] = ['AccessToken', 'RefreshToken'];

function isGrantedKind(kind: string): kind is GrantedKind {
  return (GRANTED_KINDS as readonly string[]).includes(kind);
}
