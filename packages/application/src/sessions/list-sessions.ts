import type { Caller, Session } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** The caller's sessions, oldest first. */
export const listSessions =
  ({ sessions }: Pick<Ports, 'sessions'>) =>
  async (caller: Caller): Promise<readonly Session[]> =>
    caller.kind === 'user' ? sessions.list(caller.userId) : [];
