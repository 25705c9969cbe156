import {
  GRANTED_KINDS,
  isClient,
  isExpired,
  scopeLeft,
  type GrantedArtifact,
  type GrantedKind,
  type OAuthArtifact,
  type UserId,
} from '@claviger/domain';
import type { LastUse } from '../last-use.js';
import type { Ports } from '../ports.js';
import { artifactHash } from './artifact-hash.js';

/** An artifact as the authorization server knows it: by the appId and not by the account's own id. */
export interface ArtifactToKeep extends Pick<OAuthArtifact, 'kind' | 'scope' | 'payload' | 'expiresAt'> {
  readonly id: string;
  /** Null: it belongs to no grant. */
  readonly grantId: string | null;
  readonly userId: string | null;
  readonly appId: string | null;
}

type Needs = ArtifactNeeds & Pick<Ports, 'accounts' | 'unitOfWork'>;
/** Of who only reads them. */
export type ArtifactNeeds = Pick<Ports, 'oauth' | 'digest' | 'clock'>;

/** What the authorization server keeps and finds again; nothing of it in clear. */
export const oauthArtifacts = (ports: Needs, lastUse: LastUse) => ({
  find: findArtifactIn(ports, lastUse),
  /** @throws authorization_missing when user and account are no pair, or no longer */
  put: async ({ id, grantId, appId, userId: user, ...artifact }: ArtifactToKeep): Promise<void> => {
    const { accounts, unitOfWork, digest } = ports;
    const account = appId === null ? null : await accounts.find(appId as Parameters<typeof accounts.find>[0]);
    const [accountId, userId] = [account?.id ?? null, user as UserId | null];
    const [idHash, grantHash] = [artifactHash(digest, id), grantId === null ? null : artifactHash(digest, grantId)];
    const whole: OAuthArtifact = { ...artifact, idHash, grantHash, userId, accountId, consumedAt: null };
    await unitOfWork.run((stores) => stores.oauth.put(whole));
  },
  /** False when somebody else was faster. */
  consume: (kind: string, id: string): Promise<boolean> => {
    const [now, idHash] = [ports.clock.now(), artifactHash(ports.digest, id)];
    return ports.unitOfWork.run((stores) => stores.oauth.consume(kind, idHash, now));
  },
  remove: (kind: string, id: string): Promise<void> => {
    const idHash = artifactHash(ports.digest, id);
    return ports.unitOfWork.run((stores) => stores.oauth.remove(kind, idHash));
  },
  revokeGrant: (grantId: string): Promise<void> => {
    const grantHash = artifactHash(ports.digest, grantId);
    return ports.unitOfWork.run((stores) => stores.oauth.revokeGrant(grantHash));
  },
});

/** Null also when it has expired. What was granted is found with no more scope than is left of it. */
export function findArtifactIn({ oauth, digest, clock }: ArtifactNeeds, lastUse: LastUse) {
  const living = <T>(found: T | null, artifact: OAuthArtifact | undefined, now: number): T | null =>
    found && artifact && !isExpired(artifact, now) ? found : null;
  return async (kind: string, id: string): Promise<OAuthArtifact | null> => {
    const idHash = artifactHash(digest, id);
    if (!isGrantedKind(kind)) {
      const found = await oauth.find(kind, idHash);
      return living(found, found ?? undefined, clock.now());
    }
    const read = await oauth.findGranted(kind, idHash);
    const now = clock.now();
    const found: GrantedArtifact | null = living(read, read?.artifact, now);
    if (!found || !isClient(found.account)) return null;
    if (USES.includes(kind)) lastUse.noteAuthorization({ userId: found.user.userId, accountId: found.account.id }, now);
    return { ...found.artifact, scope: scopeLeft(found) };
  };
}

/** Whoever shows one of these acts for the user. */
const USES: readonly GrantedKind[] = ['AccessToken', 'RefreshToken'];

function isGrantedKind(kind: string): kind is GrantedKind {
  return (GRANTED_KINDS as readonly string[]).includes(kind);
}
