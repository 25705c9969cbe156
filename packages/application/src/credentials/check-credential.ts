import {
  andThen,
  appIdKey,
  demandActor,
  demandManaged,
  demandSystemScope,
  mayCheckAnyKey,
  parseAppId,
  parseGrantType,
  PlatformError,
  UNKNOWN_CREDENTIAL,
  type AppId,
  type Awaitable,
  type Caller,
  type CredentialRefusal,
} from '@claviger/domain';
import type { LastUse } from '../last-use.js';
import type { Ports } from '../ports.js';
import { weighKey, type PresentedKey } from './weigh-key.js';

export interface KeyToCheck extends PresentedKey {
  /** Null or left out: whosever key it is. */
  readonly appId?: string | null | undefined;
  /** Null or left out: of whichever type. */
  readonly type?: string | null | undefined;
}

export interface CheckedKey {
  readonly valid: boolean;
  /** Whose key it is; null unless it is good. */
  readonly appId: AppId | null;
  /** Why it is not good; null when it is. For operators, not for the wire. */
  readonly because: CredentialRefusal | null;
}

/**
 * Tells whether a key pair is good right now: an answer, never a refusal of the key.
 * @throws user_not_allowed when an ordinary user asks about keys without naming their account
 * @throws account_missing when an ordinary user names an account that is not theirs
 */
export const checkCredential = (
  { accounts, ...ports }: Pick<Ports, 'accounts' | 'secrets' | 'clock'>,
  lastUse: LastUse,
) => {
  const weigh = weighKey({ accounts, ...ports });

  /** Any other may ask about keys of their own accounts alone. */
  const demandOwn = async (caller: Caller, appId: AppId | null): Promise<void> => {
    if (!appId) throw new PlatformError('user_not_allowed');
    demandManaged(demandActor(caller), await accounts.find(appId));
  };

  return (caller: Caller, presented: KeyToCheck): Awaitable<CheckedKey> => {
    // An empty text is a mistake and not a wish to ask about every account.
    const appId = isGiven(presented.appId) ? parseAppId(presented.appId) : null;
    const wanted = isGiven(presented.type) ? parseGrantType('type', presented.type) : null;
    demandSystemScope(caller);
    const weighed = mayCheckAnyKey(caller)
      ? weigh(presented, wanted)
      : demandOwn(caller, appId).then(() => weigh(presented, wanted));
    return andThen(weighed, ({ verdict, holder, at }) => {
      const others = appId !== null && holder !== null && appIdKey(holder.account.appId) !== appIdKey(appId);
      const told = others ? UNKNOWN_CREDENTIAL : verdict;
      if (told.accepted && holder) lastUse.noteCredential(holder.credential.accessKey, at, null);
      if (!told.accepted) return { valid: false, appId: null, because: told.because };
      return { valid: true, appId: holder?.account.appId ?? null, because: null };
    });
  };
};

function isGiven(text: string | null | undefined): text is string {
  return text !== null && text !== undefined;
}
