import { credentialOf, demandRoom, type Account } from './account.js';
import {
  issueCredential,
  isLive,
  LAST_USE_DELAY,
  LAST_USE_GRAIN,
  RETIREMENTS,
  toLastUseGrain,
  type Credential,
  type NewKey,
  type Retirement,
  type Superseded,
} from './credential.js';
import { PlatformError } from './errors.js';
import { parseOne } from './grant-rules.js';
import type { AccessKey } from './key-format.js';

export function parseRetirement(given: string): Retirement {
  return parseOne('retire', RETIREMENTS, given);
}

/**
 * Puts a new credential of the same grant type beside an old one, which stays good while its users change over.
 * @param given.overlap milliseconds
 * @throws credential_missing, credential_not_live, rotation_in_progress, too_many_credentials
 */
export function rotateCredential(
  account: Account,
  accessKey: AccessKey,
  given: { key: NewKey; expiresAt: number | null; overlap: number; retire: Retirement; mostLive: number; now: number },
): Account {
  const { key, overlap, retire, now } = given;
  const old = credentialOf(account, accessKey);
  if (old.superseded) throw new PlatformError('rotation_in_progress');
  if (!isLive(old, now)) throw new PlatformError('credential_not_live');
  demandRoom(account, old.grantType, given.mostLive, now);
  const superseded: Superseded = { by: key.accessKey, at: now, retire, overlap, expiresAtBefore: old.expiresAt };
  const expiresAt = retire === 'at' ? Math.min(old.expiresAt ?? Infinity, now + overlap) : old.expiresAt;
  const credentials = replace(account, old, { ...old, superseded, expiresAt });
  const added = issueCredential(key, old.grantType, now, given.expiresAt);
  return { ...account, credentials: [...credentials, added], lastModifiedAt: now };
}

/** Takes a rotation back while the old credential lives: it stays as it was, the new one goes. @throws rotation_missing, credential_not_live */
export function rollBackRotation(account: Account, accessKey: AccessKey, now: number): Account {
  const old = rotatedOf(account, accessKey);
  if (!isLive(old, now)) throw new PlatformError('credential_not_live');
  const restored = { ...old, superseded: null, expiresAt: old.superseded.expiresAtBefore };
  const credentials = replace(account, old, restored).filter(({ accessKey: key }) => key !== old.superseded.by);
  return { ...account, credentials, lastModifiedAt: now };
}

/**
 * Ends the old credentials that wait for silence and have been quiet for their overlap, each as long as another of its
 * grant type stays good. An account of which none goes is the very same.
 */
export function retireIdle(account: Account, now: number): { account: Account; retired: readonly AccessKey[] } {
  const idle = account.credentials.filter((credential) => isIdle(credential, now));
  const staying = account.credentials.filter((held) => isLive(held, now) && !idle.includes(held));
  const going = idle.filter(({ grantType }) => staying.some((held) => held.grantType === grantType));
  if (going.length === 0) return { account, retired: [] };
  const credentials = account.credentials.map((held) => (going.includes(held) ? { ...held, expiresAt: now } : held));
  return {
    account: { ...account, credentials, lastModifiedAt: now },
    retired: going.map(({ accessKey }) => accessKey),
  };
}

/** What a user waits for: is the old key still used, and since when not? */
export interface RotationProgress {
  readonly old: Credential & { readonly superseded: Superseded };
  /** Used since the rotation began, or in the minute in which it did: nobody can tell what came first there. */
  readonly stillUsed: boolean;
}

/** @throws rotation_missing when nothing took the credential's place */
export function rotationProgress(account: Account, accessKey: AccessKey): RotationProgress {
  const old = rotatedOf(account, accessKey);
  return { old, stillUsed: old.lastUsedAt !== null && old.lastUsedAt >= toLastUseGrain(old.superseded.at) };
}

function isIdle(credential: Credential, now: number): boolean {
  const { superseded, lastUsedAt } = credential;
  if (superseded?.retire !== 'after-idle' || !isLive(credential, now)) return false;
  // What is known of uses is coarse and late: a key that is in use must never look idle.
  const quietSince = Math.max(superseded.at, lastUsedAt ?? 0) + LAST_USE_GRAIN + LAST_USE_DELAY;
  return quietSince + superseded.overlap <= now;
}

function rotatedOf(account: Account, accessKey: AccessKey): RotationProgress['old'] {
  const { superseded, ...old } = credentialOf(account, accessKey);
  if (!superseded) throw new PlatformError('rotation_missing');
  return { ...old, superseded };
}

function replace(account: Account, old: Credential, by: Credential): readonly Credential[] {
  return account.credentials.map((held) => (held.accessKey === old.accessKey ? by : held));
}
