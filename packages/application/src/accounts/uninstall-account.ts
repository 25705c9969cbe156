import { demandActor, happened, parseAppId, PlatformError, type Caller, authorizationChanges } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Takes back what the caller authorized an application to do. @throws authorization_missing also for an unknown appId */
export const uninstallAccount =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { appId: string }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const actor = demandActor(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ accounts, authorizations }) => {
      const account = await accounts.find(appId);
      const found = account && actor.kind === 'user' ? await authorizations.find(actor.userId, account.id) : null;
      if (!found) throw new PlatformError('authorization_missing');
      const because = happened(actor, now, authorizationChanges(found, null));
      await authorizations.remove(found, { name: 'authorization.revoked', ...because });
    });
  };
