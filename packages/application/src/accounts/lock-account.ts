import {
  demandActor,
  demandManaged,
  demandMayChangeLock,
  happened,
  lockAccount as lock,
  parseAppId,
  type Caller,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Locks or unlocks an account: none of its credentials is good while it is locked. */
export const lockAccount =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { appId: string; locked: boolean }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const actor = demandActor(caller);
    const now = clock.now();
    await unitOfWork.run(async ({ accounts }) => {
      const account = demandManaged(actor, await accounts.find(appId));
      demandMayChangeLock(actor, account.locked, given.locked);
      const name = given.locked ? 'account.locked' : 'account.unlocked';
      const after = lock(account, given.locked, now);
      await accounts.save(after, { name, ...happened(actor, now, accountChanges(account, after)) });
    });
  };
