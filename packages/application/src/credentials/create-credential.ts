import {
  addCredential,
  credentialOf,
  demandActor,
  demandManaged,
  demandMayGrant,
  happened,
  parseAppId,
  parseGrantType,
  type Caller,
  type Credential,
  type SecretKey,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

export interface DisclosedCredential {
  readonly credential: Credential;
  /** In clear, the only time. */
  readonly secretKey: SecretKey;
}

/** Adds a credential to an account. @throws grant_type_absent when the account is not used that way */
export const createCredential =
  ({ unitOfWork, secrets, clock }: Pick<Ports, 'unitOfWork' | 'secrets' | 'clock'>) =>
  async (caller: Caller, given: { appId: string; type: string }): Promise<DisclosedCredential> => {
    const appId = parseAppId(given.appId);
    const grantType = parseGrantType('type', given.type);
    const actor = demandActor(caller);
    demandMayGrant(actor, { grantTypes: [grantType], scope: [] });
    const [key, now] = [secrets.newKey(), clock.now()];
    return unitOfWork.run(async ({ accounts }) => {
      const before = demandManaged(actor, await accounts.find(appId));
      demandMayGrant(actor, before);
      const after = addCredential(before, key, grantType, now);
      const { accessKey, secretKey } = key;
      await accounts.save(after, { name: 'credential.issued', ...happened(actor, now), accessKey, grantType });
      return { credential: credentialOf(after, accessKey), secretKey };
    });
  };
