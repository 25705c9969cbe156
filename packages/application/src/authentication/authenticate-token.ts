import { isExpired, parseAccessToken, PlatformError, type UserCaller, type UserId } from '@claviger/domain';
import type { Ports } from '../ports.js';
import type { LastUse } from '../last-use.js';
import { callerOf } from './user-caller.js';

/** An access token as it was sent, and the user that a header named beside it, if one did. */
export interface TokenClaim {
  readonly token: string;
  readonly userId: UserId | null;
}

/**
 * The user behind an access token.
 * @throws access_token_empty, access_token_illegal, access_token_expired
 * @throws user_locked
 * @throws user_differs when the header names somebody else
 */
export const authenticateToken =
  ({ tokens, bearerSecrets, clock }: Pick<Ports, 'tokens' | 'bearerSecrets' | 'clock'>, lastUse: LastUse) =>
  async (claim: TokenClaim): Promise<UserCaller> => {
    if (claim.token === '') throw new PlatformError('access_token_empty');
    const text = parseAccessToken(claim.token);
    const found = text ? await tokens.findByMac(bearerSecrets.macOfAccessToken(text)) : null;
    if (!found) throw new PlatformError('access_token_illegal');
    const now = clock.now();
    const { expiresAt } = found.token;
    if (isExpired(found.token, now)) throw new PlatformError('access_token_expired', { expiredAt: expiresAt });
    const caller = callerOf(found.user, claim.userId);
    lastUse.noteToken(found.token.id, now);
    return caller;
  };
