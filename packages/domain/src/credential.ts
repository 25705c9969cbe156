import { isExpired } from './access-token.js';
import { parseOne, type GrantType } from './grant-rules.js';
import type { AccessKey, SecretKey } from './key-format.js';

export const CREDENTIAL_STATUSES = ['ENABLE', 'DISABLE'] as const;
export type CredentialStatus = (typeof CREDENTIAL_STATUSES)[number];

/** What is kept of a secret: HMAC-SHA-256 under the pepper of that name. The secret cannot be had back from it. */
export interface SealedSecret {
  /** Names the pepper, says nothing of it. */
  readonly pepperId: string;
  /** base64url */
  readonly mac: string;
}

/** An access key and what is kept of its secret key. One grant type each. */
export interface Credential {
  readonly accessKey: AccessKey;
  readonly sealedSecret: SealedSecret;
  /** The secret's first 8 characters, so that its owner can tell it from others. */
  readonly secretHint: string;
  readonly grantType: GrantType;
  readonly status: CredentialStatus;
  /** Milliseconds since 1970, UTC. */
  readonly createdAt: number;
  /** Milliseconds since 1970, UTC; null: never. */
  readonly expiresAt: number | null;
  /** When it was last good for a call, see {@link LAST_USE_GRAIN}; null: never. */
  readonly lastUsedAt: number | null;
  /** The address of that call, where it is known. */
  readonly lastUsedFrom: string | null;
  /** Set while another credential takes its place. */
  readonly superseded: Superseded | null;
  /** The days before its end of which its account was told last; null: of none. */
  readonly warnedOfExpiry: number | null;
}

/** How the old credential of a rotation goes: when the overlap is over, when it was quiet for so long, or by hand. */
export const RETIREMENTS = ['at', 'after-idle', 'manual'] as const;
export type Retirement = (typeof RETIREMENTS)[number];

/** A last use is told to the minute: enough to find what nobody uses, too little to follow somebody. Milliseconds. */
export const LAST_USE_GRAIN = 60_000;

/** Milliseconds after which a use has certainly been written down: none is written while its request waits. */
export const LAST_USE_DELAY = 60_000;

/** The beginning of the minute: all that is told of a last use. */
export function toLastUseGrain(at: number): number {
  return at - (at % LAST_USE_GRAIN);
}

/** The rotation by which another credential takes one's place. */
export interface Superseded {
  readonly by: AccessKey;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly retire: Retirement;
  /** Milliseconds. */
  readonly overlap: number;
  /** What `expiresAt` goes back to when the rotation is taken back. */
  readonly expiresAtBefore: number | null;
}

/** A key pair in clear. It exists between its making and the one answer that shows it. */
export interface KeyPair {
  readonly accessKey: AccessKey;
  readonly secretKey: SecretKey;
}

/** A new key pair together with what will be kept of it. */
export interface NewKey extends KeyPair {
  readonly sealedSecret: SealedSecret;
}

/** A credential good from now on. @param expiresAt milliseconds since 1970; null: never */
export function issueCredential(
  key: NewKey,
  grantType: GrantType,
  now: number,
  expiresAt: number | null = null,
): Credential {
  return {
    accessKey: key.accessKey,
    sealedSecret: key.sealedSecret,
    secretHint: key.secretKey.slice(0, 8),
    grantType,
    status: 'ENABLE',
    createdAt: now,
    expiresAt,
    lastUsedAt: null,
    lastUsedFrom: null,
    superseded: null,
    warnedOfExpiry: null,
  };
}

/** How a secret is shown once it is no longer in clear. */
export function maskedSecret(credential: Credential): string {
  return `${credential.secretHint}*****`;
}

/** Enabled and not expired; whether it is good depends on its account too. */
export function isLive(credential: Pick<Credential, 'status' | 'expiresAt'>, now: number): boolean {
  return credential.status === 'ENABLE' && !isExpired(credential, now);
}

export function parseCredentialStatus(given: string): CredentialStatus {
  return parseOne('status', CREDENTIAL_STATUSES, given);
}

/** Why a credential is not good. `unknown` covers a wrong key and a wrong secret alike. */
export type CredentialRefusal =
  'unknown' | 'disabled' | 'expired' | 'grant_type_gone' | 'grant_type_differs' | 'account_locked';

export type Verdict = { readonly accepted: true } | { readonly accepted: false; readonly because: CredentialRefusal };

/** The part of an account a verdict looks at. */
export interface JudgedAccount {
  readonly locked: boolean;
  readonly grantTypes: readonly GrantType[];
}

/**
 * Whether a credential whose secret matched is good right now. The only place where this is decided.
 * A lock is told last: a disabled or expired key learns nothing about its account.
 * @param now milliseconds since 1970
 * @param wanted the grant type the credential is to be used for, when that matters
 */
export function judgeCredential(
  account: JudgedAccount,
  credential: Pick<Credential, 'grantType' | 'status' | 'expiresAt'>,
  now: number,
  wanted: GrantType | null = null,
): Verdict {
  if (!isLive(credential, now)) return refused(credential.status === 'ENABLE' ? 'expired' : 'disabled');
  if (!account.grantTypes.includes(credential.grantType)) return refused('grant_type_gone');
  if (wanted !== null && credential.grantType !== wanted) return refused('grant_type_differs');
  if (account.locked) return refused('account_locked');
  return { accepted: true };
}

/** The verdict on a key nobody knows or a secret that does not match: one answer for both. */
export const UNKNOWN_CREDENTIAL: Verdict = { accepted: false, because: 'unknown' };

function refused(because: CredentialRefusal): Verdict {
  return { accepted: false, because };
}
