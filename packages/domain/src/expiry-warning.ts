import type { Account } from './account.js';
import { isLive, type Credential } from './credential.js';
import type { GrantType } from './grant-rules.js';
import type { AccessKey } from './key-format.js';

const DAY = 86_400_000;

/** So many days before its end a credential's account is told; the longest first. */
export const WARNING_DAYS = [30, 7, 1] as const;
/** How far ahead whoever warns has to look; milliseconds. */
export const WARNING_HORIZON = WARNING_DAYS[0] * DAY;

export interface ExpiryWarning {
  readonly accessKey: AccessKey;
  readonly grantType: GrantType;
  readonly days: (typeof WARNING_DAYS)[number];
  /** Milliseconds since 1970, UTC. */
  readonly expiresAt: number;
}

/** The first warning that is due and the account in which it is noted, so that it comes once; null when none is. */
export function warnOfExpiry(account: Account, now: number): { account: Account; warning: ExpiryWarning } | null {
  for (const held of account.credentials) {
    const days = daysDue(held, now);
    if (days === null || held.expiresAt === null) continue;
    const credentials = account.credentials.map((each) => (each === held ? { ...held, warnedOfExpiry: days } : each));
    const { accessKey, grantType, expiresAt } = held;
    return { account: { ...account, credentials }, warning: { accessKey, grantType, days, expiresAt } };
  }
  return null;
}

/** Nobody is warned of the end of what was made to be short, nor of one that a rotation brought about. */
function daysDue(credential: Credential, now: number): ExpiryWarning['days'] | null {
  const { expiresAt, createdAt, superseded, warnedOfExpiry } = credential;
  if (expiresAt === null || superseded || !isLive(credential, now)) return null;
  const reached = WARNING_DAYS.filter((days) => expiresAt - now <= days * DAY && createdAt + days * DAY < expiresAt);
  const nearest = reached.at(-1);
  return nearest === undefined || (warnedOfExpiry !== null && warnedOfExpiry <= nearest) ? null : nearest;
}
