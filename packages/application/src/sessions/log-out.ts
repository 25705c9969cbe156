import { demandActor, happened, PlatformError, type Caller, type SessionId, sessionChanges } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Ends the session that asks; one that is gone already is gone. @throws session_missing when something else asks */
export const logOut =
  ({
    sessions,
    unitOfWork,
    bearerSecrets,
    clock,
  }: Pick<Ports, 'sessions' | 'unitOfWork' | 'bearerSecrets' | 'clock'>) =>
  async (caller: Caller, given: { session: string | undefined }): Promise<void> => {
    const actor = demandActor(caller);
    if (given.session === undefined) throw new PlatformError('session_missing');
    const found = await sessions.findByMac(bearerSecrets.macOfSession(given.session));
    if (!found) return;
    const because = happened(actor, clock.now(), sessionChanges(found.session, null));
    await unitOfWork.run((stores) => stores.sessions.remove(found.session, { name: 'session.closed', ...because }));
  };

/** Ends one of the caller's sessions. @throws session_missing also for somebody else's */
export const revokeSession =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { id: string }): Promise<void> => {
    const actor = demandActor(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ sessions }) => {
      const session = await sessions.find(given.id as SessionId);
      const mine = session !== null && actor.kind === 'user' && session.userId === actor.userId;
      if (!session || !mine) throw new PlatformError('session_missing');
      await sessions.remove(session, {
        name: 'session.closed',
        ...happened(actor, now, sessionChanges(session, null)),
      });
    });
  };
