import { isExpired, PlatformError, type UserCaller, type UserId } from '@claviger/domain';
import type { Ports } from '../ports.js';
import { callerOf } from './user-caller.js';

/** A session cookie as it was sent, and the user that a header named beside it, if one did. */
export interface SessionClaim {
  readonly session: string;
  readonly userId: UserId | null;
}

/** The user behind a session cookie. @throws caller_unknown, user_locked, user_differs */
export const authenticateSession =
  ({ sessions, bearerSecrets, clock }: Pick<Ports, 'sessions' | 'bearerSecrets' | 'clock'>) =>
  async (claim: SessionClaim): Promise<UserCaller> => {
    const found = await sessions.findByMac(bearerSecrets.macOfSession(claim.session));
    if (!found || isExpired(found.session, clock.now())) throw new PlatformError('caller_unknown');
    return callerOf(found.user, claim.userId);
  };
