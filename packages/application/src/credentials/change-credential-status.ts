import {
  changeCredentialStatus as change,
  credentialOf,
  demandActor,
  demandManaged,
  demandMayGrant,
  happened,
  parseAppId,
  parseCredentialStatus,
  type AccessKey,
  type Caller,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/**
 * Enables or disables a credential. Disabling is the emergency brake: the owner may always pull it.
 * @throws credential_missing, too_many_credentials
 */
export const changeCredentialStatus =
  ({ unitOfWork, clock, policy }: Pick<Ports, 'unitOfWork' | 'clock' | 'policy'>) =>
  async (caller: Caller, given: { appId: string; accessKey: string; status: string }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const status = parseCredentialStatus(given.status);
    const actor = demandActor(caller);
    // Any text may be asked for: one that is no access key is one that no account has.
    const accessKey = given.accessKey as AccessKey;
    const now = clock.now();
    await unitOfWork.run(async ({ accounts }) => {
      const account = demandManaged(actor, await accounts.find(appId));
      if (status === 'ENABLE') demandMayGrant(actor, account);
      const { grantType } = credentialOf(account, accessKey);
      const name = status === 'ENABLE' ? 'credential.enabled' : 'credential.disabled';
      const after = change(account, accessKey, { status, mostLive: policy.mostLive, now });
      const because = happened(actor, now, accountChanges(account, after));
      await accounts.save(after, { name, ...because, accessKey, grantType });
    });
  };
