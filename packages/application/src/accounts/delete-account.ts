import {
  demandActor,
  demandManaged,
  demandMayGrant,
  happened,
  parseAppId,
  type Caller,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Deletes an account with its credentials and authorizations. A PLATFORM account is for admins to delete. */
export const deleteAccount =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { appId: string }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const actor = demandActor(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ accounts }) => {
      const account = demandManaged(actor, await accounts.find(appId));
      demandMayGrant(actor, { grantTypes: account.grantTypes, scope: [] });
      await accounts.remove(account, {
        name: 'account.deleted',
        ...happened(actor, now, accountChanges(account, null)),
      });
    });
  };
