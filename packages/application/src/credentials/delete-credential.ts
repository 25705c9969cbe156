import {
  credentialOf,
  demandActor,
  demandManaged,
  demandMayGrant,
  happened,
  parseAppId,
  withdrawCredential,
  type AccessKey,
  type Caller,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Withdraws a credential. @throws credential_missing, credential_is_last */
export const deleteCredential =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { appId: string; accessKey: string }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const actor = demandActor(caller);
    // Any text may be asked for: one that is no access key is one that no account has.
    const accessKey = given.accessKey as AccessKey;
    const now = clock.now();
    await unitOfWork.run(async ({ accounts }) => {
      const account = demandManaged(actor, await accounts.find(appId));
      demandMayGrant(actor, account);
      const { grantType } = credentialOf(account, accessKey);
      const after = withdrawCredential(account, accessKey, now);
      const because = happened(actor, now, accountChanges(account, after));
      await accounts.save(after, { name: 'credential.withdrawn', ...because, accessKey, grantType });
    });
  };
