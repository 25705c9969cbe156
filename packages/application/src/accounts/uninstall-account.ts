import {
  authorizationChanges,
  demandActor,
  demandAdmin,
  happened,
  parseAppId,
  parseUserId,
  PlatformError,
  type Caller,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/**
 * Takes back what the caller authorized an application to do; an operator or admin does so for anybody.
 * @param given.userId for admins
 * @throws authorization_missing also for an unknown appId
 */
export const uninstallAccount =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { appId: string; userId?: string | undefined }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const asked = given.userId === undefined ? null : parseUserId(given.userId);
    const actor = demandActor(caller);
    const own = actor.kind === 'user' ? actor.userId : null;
    if (asked !== null && asked !== own) demandAdmin(actor);
    const userId = asked ?? own;
    const now = clock.now();
    await unitOfWork.run(async ({ accounts, authorizations }) => {
      const account = await accounts.find(appId);
      const found = account && userId ? await authorizations.find(userId, account.id) : null;
      if (!found) throw new PlatformError('authorization_missing');
      const because = happened(actor, now, authorizationChanges(found, null));
      await authorizations.remove(found, { name: 'authorization.revoked', ...because });
    });
  };
