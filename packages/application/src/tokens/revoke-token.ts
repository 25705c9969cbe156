import {
  demandActor,
  happened,
  isAdmin,
  PlatformError,
  type Caller,
  type TokenId,
  tokenChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Ends an access token at once. @throws token_missing also for somebody else's */
export const revokeToken =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { id: string }): Promise<void> => {
    const actor = demandActor(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ tokens }) => {
      // Any text may be asked for: one that is no id is one that no token has.
      const token = await tokens.find(given.id as TokenId);
      const mine = token !== null && actor.kind === 'user' && token.userId === actor.userId;
      if (!token || !(mine || isAdmin(actor))) throw new PlatformError('token_missing');
      await tokens.remove(token, { name: 'token.revoked', ...happened(actor, now, tokenChanges(token, null)) });
    });
  };
