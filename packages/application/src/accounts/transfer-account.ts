import {
  demandActor,
  demandManaged,
  demandMayGrant,
  happened,
  parseAppId,
  parseUserId,
  transferAccount as transfer,
  type Caller,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Gives an account to another owner. Its credentials stay as they are. */
export const transferAccount =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { appId: string; owner: string }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const owner = parseUserId(given.owner, 'owner');
    const actor = demandActor(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ accounts }) => {
      const account = demandManaged(actor, await accounts.find(appId));
      demandMayGrant(actor, account);
      const after = transfer(account, owner, now);
      const because = { name: 'account.transferred', ...happened(actor, now, accountChanges(account, after)) } as const;
      await accounts.save(after, because);
    });
  };
