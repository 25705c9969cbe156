import {
  credentialOf,
  demandActor,
  demandManaged,
  demandMayGrant,
  expiryUnder,
  fieldInvalid,
  happened,
  parseAppId,
  parseExpiry,
  parseRetirement,
  rollBackRotation as rollBack,
  rotateCredential as rotate,
  rotationProgress,
  type AccessKey,
  type Caller,
  type RotationProgress,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import type { DisclosedCredential } from './create-credential.js';

/** How a rotation is asked for. */
export interface RotationRequest {
  readonly appId: string;
  readonly accessKey: string;
  /** Milliseconds; left out or null: a day. */
  readonly overlap?: number | null | undefined;
  /** `at` unless given. */
  readonly retire?: string | null | undefined;
  /** Of the new credential: as at its creation. */
  readonly expiresAt?: string | null | undefined;
}

const DAY = 86_400_000;
export const MAX_OVERLAP = 365 * DAY;

/** Puts a new credential beside an old one, which goes when its time is over. Whoever may create one may rotate. */
export const rotateCredential =
  ({ unitOfWork, secrets, clock, policy }: Pick<Ports, 'unitOfWork' | 'secrets' | 'clock' | 'policy'>) =>
  async (caller: Caller, given: RotationRequest): Promise<DisclosedCredential> => {
    const appId = parseAppId(given.appId);
    const overlap = parseOverlap(given.overlap ?? DAY);
    const retire = parseRetirement(given.retire ?? 'at');
    const now = clock.now();
    const expiresAt = expiryUnder(policy.expiry, parseExpiry(given.expiresAt), now);
    const actor = demandActor(caller);
    // Any text may be asked for: one that is no access key is one that no account has.
    const accessKey = given.accessKey as AccessKey;
    const key = secrets.newKey();
    return unitOfWork.run(async ({ accounts }) => {
      const before = demandManaged(actor, await accounts.find(appId));
      demandMayGrant(actor, before);
      const { grantType } = credentialOf(before, accessKey);
      const after = rotate(before, accessKey, { key, expiresAt, overlap, retire, mostLive: policy.mostLive, now });
      const because = happened(actor, now, accountChanges(before, after));
      await accounts.save(after, { name: 'credential.rotated', ...because, accessKey, grantType });
      return { credential: credentialOf(after, key.accessKey), secretKey: key.secretKey };
    });
  };

/** Takes a rotation back while the old credential lives. @throws rotation_missing, credential_not_live */
export const rollBackRotation =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { appId: string; accessKey: string }): Promise<void> => {
    const appId = parseAppId(given.appId);
    const actor = demandActor(caller);
    const accessKey = given.accessKey as AccessKey;
    const now = clock.now();
    await unitOfWork.run(async ({ accounts }) => {
      const before = demandManaged(actor, await accounts.find(appId));
      demandMayGrant(actor, before);
      const { grantType } = credentialOf(before, accessKey);
      const after = rollBack(before, accessKey, now);
      const because = happened(actor, now, accountChanges(before, after));
      await accounts.save(after, { name: 'credential.rolled_back', ...because, accessKey, grantType });
    });
  };

/** Whether the old key of a rotation is still used, and when last. @throws rotation_missing */
export const showRotation =
  ({ accounts }: Pick<Ports, 'accounts'>) =>
  async (caller: Caller, given: { appId: string; accessKey: string }): Promise<RotationProgress> => {
    const appId = parseAppId(given.appId);
    const actor = demandActor(caller);
    return rotationProgress(demandManaged(actor, await accounts.find(appId)), given.accessKey as AccessKey);
  };

function parseOverlap(given: number): number {
  if (Number.isInteger(given) && given >= 0 && given <= MAX_OVERLAP) return given;
  throw fieldInvalid('overlap', 'not_whole_number', { min: 0, max: MAX_OVERLAP });
}
