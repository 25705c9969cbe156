import {
  judgeCredential,
  parseAccessKey,
  parseSecretKey,
  UNKNOWN_CREDENTIAL,
  type GrantType,
  type KeyHolder,
  type Verdict,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** A key pair as somebody presents it, not yet understood. */
export interface PresentedKey {
  readonly accessKey: string;
  readonly secretKey: string;
}

export interface WeighedKey {
  readonly verdict: Verdict;
  /** Whose key it is; null unless the secret matched. */
  readonly holder: KeyHolder | null;
}

/**
 * Whether a key pair is good right now, for every entry that is shown one: one read, one comparison, one judgement, no
 * write. A text that cannot be a key is refused without a read; its form is no secret.
 */
export const weighKey =
  ({ accounts, secrets, clock }: Pick<Ports, 'accounts' | 'secrets' | 'clock'>) =>
  async (presented: PresentedKey, wanted: GrantType | null): Promise<WeighedKey> => {
    const accessKey = parseAccessKey(presented.accessKey);
    const secretKey = parseSecretKey(presented.secretKey);
    if (!accessKey || !secretKey) return { verdict: UNKNOWN_CREDENTIAL, holder: null };
    const holder = await accounts.findByAccessKey(accessKey);
    const matches = secrets.matches(secretKey, holder?.credential.sealedSecret ?? null);
    if (!holder || !matches) return { verdict: UNKNOWN_CREDENTIAL, holder: null };
    return { verdict: judgeCredential(holder.account, holder.credential, clock.now(), wanted), holder };
  };
