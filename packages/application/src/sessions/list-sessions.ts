import { demandActor, type Caller, type Session, type SessionId } from '@claviger/domain';
import type { Ports } from '../ports.js';

export interface OwnSessions {
  /** Oldest first. */
  readonly sessions: readonly Session[];
  /** The one that asks; null when something else than a session does. */
  readonly current: SessionId | null;
}

/** The caller's sessions. @param given.session the cookie that asks, if one does */
export const listSessions =
  ({ sessions, bearerSecrets }: Pick<Ports, 'sessions' | 'bearerSecrets'>) =>
  async (caller: Caller, given: { session?: string | undefined } = {}): Promise<OwnSessions> => {
    const actor = demandActor(caller);
    const own = actor.kind === 'user' ? await sessions.list(actor.userId) : [];
    const mac = given.session === undefined ? null : bearerSecrets.macOfSession(given.session);
    return { sessions: own, current: own.find((session) => session.mac === mac)?.id ?? null };
  };
