import { happened, PlatformError, type Session, type UserCaller, sessionChanges, type Origin } from '@claviger/domain';
import type { Authenticate } from '../authentication/authenticate.js';
import type { PasswordClaim } from '../authentication/authenticate-password.js';
import type { Ports } from '../ports.js';

/** Longer ones tell nothing more about a browser. */
const MAX_USER_AGENT_LENGTH = 256;

export interface OpenedSession {
  readonly caller: UserCaller;
  readonly session: Session;
  /** For the cookie; in clear, the only time. */
  readonly text: string;
}

/**
 * Opens a session of its own for every login: none outlives a change of who is logged in.
 * @param given.lifetime milliseconds
 * @throws caller_unknown, user_locked, too_many_requests
 */
export const logIn =
  (
    { unitOfWork, bearerSecrets, ids, clock }: Pick<Ports, 'unitOfWork' | 'bearerSecrets' | 'ids' | 'clock'>,
    authenticate: Authenticate,
  ) =>
  async (
    claim: PasswordClaim,
    given: { lifetime: number; origin: Origin; userAgent: string | null },
  ): Promise<OpenedSession> => {
    const caller = await authenticate({ scheme: 'password', ...claim }, given.origin);
    if (caller.kind !== 'user') throw new PlatformError('caller_unknown');
    const [{ text, mac }, now] = [bearerSecrets.newSession(), clock.now()];
    const session: Session = {
      id: ids.nextSessionId(),
      userId: caller.userId,
      mac,
      createdAt: now,
      expiresAt: now + given.lifetime,
      address: given.origin.address,
      userAgent: given.userAgent?.slice(0, MAX_USER_AGENT_LENGTH) ?? null,
    };
    const because = happened(caller, now, sessionChanges(null, session));
    await unitOfWork.run(({ sessions }) => sessions.add(session, { name: 'session.opened', ...because }));
    return { caller, session, text };
  };
