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

/** A credential good from now on. */
export function issueCredential(key: NewKey, grantType: GrantType, now: number): Credential {
  return {
    accessKey: key.accessKey,
    sealedSecret: key.sealedSecret,
    secretHint: key.secretKey.slice(0, 8),
    grantType,
    status: 'ENABLE',
    createdAt: now,
    expiresAt: null,
  };
}

/** How a secret is shown once it is no longer in clear. */
export function maskedSecret(credential: Credential): string {
  return `${credential.secretHint}*****`;
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
  if (credential.status !== 'ENABLE') return refused('disabled');
  if (credential.expiresAt !== null && credential.expiresAt <= now) return refused('expired');
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
