import type { ArtifactHash, Digest } from '@claviger/domain';

/** How an artifact is found: its id is a secret, so it is kept nowhere. */
export function artifactHash(digest: Digest, id: string): ArtifactHash {
  return digest.sha256(id) as ArtifactHash;
}
