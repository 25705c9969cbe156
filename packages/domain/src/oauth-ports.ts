import type { Authorization } from './authorization.js';
import type { AccountId } from './account.js';
import type { UserId } from './names.js';
import type { ArtifactHash, GrantedArtifact, GrantedKind, OAuthArtifact } from './oauth.js';

/** Sees what is committed and nothing of an open unit of work. */
export interface OAuthArtifactReader {
  /** Expired and consumed ones too: what was redeemed twice must be known to have been redeemed once. */
  find(kind: string, idHash: ArtifactHash): Promise<OAuthArtifact | null>;
  /** The same with whom it is good for, and expiring no later than its grant; null also for what is no pair's. */
  findGranted(kind: GrantedKind, idHash: ArtifactHash): Promise<GrantedArtifact | null>;
  /** What the user granted those accounts, in no order. */
  authorizationsOf(userId: UserId, accountIds: readonly AccountId[]): Promise<readonly Authorization[]>;
  authorization(userId: UserId, accountId: AccountId): Promise<Authorization | null>;
}

/**
 * Part of a unit of work. What belongs to a user and an account is gone as soon as the authorization is, or the account
 * or the user is removed, locked or, for an account, no longer of the type AUTHORIZATION_CODE: in the same unit.
 */
export interface OAuthArtifactStore {
  /**
   * Replaces the artifact of that kind and id, but never takes back that it was consumed.
   * @throws authorization_missing when the user has not authorized the account, or either is locked or gone, or the grant
   * it belongs to is not there
   */
  put(artifact: OAuthArtifact): Promise<void>;
  /** Redeems it. True for exactly one of however many try, false for all others and for what is not there. */
  consume(kind: string, idHash: ArtifactHash, at: number): Promise<boolean>;
  /** What is gone already is gone. */
  remove(kind: string, idHash: ArtifactHash): Promise<void>;
  /** Removes the grant and everything that belongs to it; what is put beside it, is refused or goes too. */
  revokeGrant(grantHash: ArtifactHash): Promise<void>;
  /** Removes at most `limit` that expired before that and tells how many. */
  removeExpired(at: number, limit: number): Promise<number>;
}
