import { fieldInvalid } from './errors.js';
import { parseTime } from './text-rules.js';

/** How long an installation lets credentials live. */
export interface ExpiryPolicy {
  /** Milliseconds a credential lives for which nothing was asked; null: as long as is allowed. */
  readonly standard: number | null;
  /** Milliseconds a credential may live at most, so that none lives for ever; null: as long as is asked. */
  readonly longest: number | null;
  /** Whether a credential may live for ever where there is no longest life. */
  readonly neverAllowed: boolean;
}

/** What an installation allows its credentials. */
export interface CredentialPolicy {
  readonly expiry: ExpiryPolicy;
  /** Live credentials of one grant type that an account may have at most. */
  readonly mostLive: number;
}

/** Credentials live until somebody ends them. */
export const UNLIMITED: ExpiryPolicy = { standard: null, longest: null, neverAllowed: true };

/** The word that asks for a credential without end. */
export const NEVER = 'never';

/** What is asked of the expiry of a credential, as {@link expiryUnder} takes it. @param given null and undefined: nothing */
export function parseExpiry(given: string | null | undefined): number | null | undefined {
  if (given === null || given === undefined) return undefined;
  return given === NEVER ? null : parseTime('expiresAt', given, 'not_expiry');
}

/**
 * When a new credential expires. @param asked milliseconds since 1970; null: never; undefined: nothing was asked
 * @throws field_invalid when the policy does not allow it, or it is over already
 */
export function expiryUnder(policy: ExpiryPolicy, asked: number | null | undefined, now: number): number | null {
  const { standard, longest, neverAllowed } = policy;
  const latest = longest === null ? Infinity : now + longest;
  const wanted = asked === undefined ? Math.min(now + (standard ?? Infinity), latest) : (asked ?? Infinity);
  if (wanted === Infinity) {
    if (!neverAllowed || longest !== null) throw fieldInvalid('expiresAt', 'never_not_allowed');
    return null;
  }
  if (wanted <= now) throw fieldInvalid('expiresAt', 'not_in_future');
  if (wanted > latest) throw fieldInvalid('expiresAt', 'too_late', { latest: new Date(latest).toISOString() });
  return wanted;
}
