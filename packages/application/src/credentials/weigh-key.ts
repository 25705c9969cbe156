import {
  andThen,
  judgeCredential,
  parseAccessKey,
  UNKNOWN_CREDENTIAL,
  type Awaitable,
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
  /** Of when that is true; milliseconds since 1970. */
  readonly at: number;
}

/**
 * Whether a key pair is good right now, for every entry that is shown one: one read, one comparison, one judgement, no
 * write. A text that cannot be an access key is refused without a read; its form is no secret.
 */
export const weighKey =
  ({ accounts, secrets, clock }: Pick<Ports, 'accounts' | 'secrets' | 'clock'>) =>
  (presented: PresentedKey, wanted: GrantType | null): Awaitable<WeighedKey> => {
    const accessKey = parseAccessKey(presented.accessKey);
    if (!accessKey) return { verdict: UNKNOWN_CREDENTIAL, holder: null, at: clock.now() };
    return andThen(accounts.findByAccessKey(accessKey), (holder) => {
      const matches = secrets.matches(presented.secretKey, holder?.credential.sealedSecret ?? null);
      const at = clock.now();
      if (!holder || !matches) return { verdict: UNKNOWN_CREDENTIAL, holder: null, at };
      return { verdict: judgeCredential(holder.account, holder.credential, at, wanted), holder, at };
    });
  };
