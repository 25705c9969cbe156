import {
  addCredential,
  credentialOf,
  demandActor,
  demandManaged,
  demandMayGrant,
  expiryUnder,
  happened,
  parseAppId,
  parseExpiry,
  parseGrantType,
  type Caller,
  type Credential,
  type SecretKey,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

export interface DisclosedCredential {
  readonly credential: Credential;
  /** In clear, the only time. */
  readonly secretKey: SecretKey;
}

export interface NewCredential {
  readonly appId: string;
  readonly type: string;
  /** ISO 8601, or `never`; null or left out: as the installation's policy says. */
  readonly expiresAt?: string | null | undefined;
}

/** Adds a credential to an account. @throws grant_type_absent when the account is not used that way */
export const createCredential =
  ({ unitOfWork, secrets, clock, policy }: Pick<Ports, 'unitOfWork' | 'secrets' | 'clock' | 'policy'>) =>
  async (caller: Caller, given: NewCredential): Promise<DisclosedCredential> => {
    const appId = parseAppId(given.appId);
    const grantType = parseGrantType('type', given.type);
    const now = clock.now();
    const expiresAt = expiryUnder(policy.expiry, parseExpiry(given.expiresAt), now);
    const actor = demandActor(caller);
    demandMayGrant(actor, { grantTypes: [grantType], scope: [] });
    const key = secrets.newKey();
    return unitOfWork.run(async ({ accounts }) => {
      const before = demandManaged(actor, await accounts.find(appId));
      demandMayGrant(actor, before);
      const after = addCredential(before, { key, grantType, expiresAt, mostLive: policy.mostLive, now });
      const { accessKey, secretKey } = key;
      const because = happened(actor, now, accountChanges(before, after));
      await accounts.save(after, { name: 'credential.issued', ...because, accessKey, grantType });
      return { credential: credentialOf(after, accessKey), secretKey };
    });
  };
