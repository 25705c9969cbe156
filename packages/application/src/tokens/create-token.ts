import {
  demandActor,
  demandOwnDeed,
  happened,
  parseTokenName,
  PlatformError,
  type AccessToken,
  type AccessTokenText,
  type Caller,
  tokenChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

export interface DisclosedToken {
  readonly token: AccessToken;
  /** In clear, the only time. */
  readonly text: AccessTokenText;
}

/** A new access token for the calling user. @param given.lifetime milliseconds @throws field_invalid, not_allowed, user_missing */
export const createToken =
  ({ unitOfWork, bearerSecrets, ids, clock }: Pick<Ports, 'unitOfWork' | 'bearerSecrets' | 'ids' | 'clock'>) =>
  async (caller: Caller, given: { name: string | null; lifetime: number }): Promise<DisclosedToken> => {
    const name = given.name ? parseTokenName(given.name) : null;
    const actor = demandActor(caller);
    demandOwnDeed(actor);
    if (actor.kind !== 'user') throw new PlatformError('not_allowed');
    const [{ text, mac }, now] = [bearerSecrets.newAccessToken(), clock.now()];
    const token: AccessToken = {
      id: ids.nextTokenId(),
      userId: actor.userId,
      name,
      mac,
      createdAt: now,
      expiresAt: now + given.lifetime,
      lastUsedAt: null,
    };
    const because = happened(actor, now, tokenChanges(null, token));
    await unitOfWork.run(({ tokens }) => tokens.add(token, { name: 'token.issued', ...because }));
    return { token, text };
  };
