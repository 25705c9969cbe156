import {
  andThen,
  PlatformError,
  type Awaitable,
  type CallingAccount,
  type PlatformCaller,
  type UserCaller,
  type UserId,
} from '@claviger/domain';
import { weighKey, type PresentedKey } from '../credentials/weigh-key.js';
import type { LastUse } from '../last-use.js';
import type { Ports } from '../ports.js';

/** What a platform says of itself: its key pair, and the user it acts for, if any. */
export interface PlatformClaim extends PresentedKey {
  readonly userId: UserId | null;
}

/**
 * The caller behind a PLATFORM key pair.
 * @throws caller_unknown for every key that is not good, except
 * @throws account_locked for a good key of a locked account
 * @throws user_locked when the user it acts for is locked
 */
export const authenticatePlatform = (
  { users, ...ports }: Pick<Ports, 'accounts' | 'secrets' | 'clock' | 'users'>,
  lastUse: LastUse,
) => {
  const weigh = weighKey(ports);
  return (claim: PlatformClaim, address: string): Awaitable<UserCaller | PlatformCaller> =>
    andThen(weigh(claim, 'PLATFORM'), ({ verdict, holder, at }) => {
      if (!verdict.accepted)
        throw new PlatformError(verdict.because === 'account_locked' ? 'account_locked' : 'caller_unknown');
      if (!holder) throw new PlatformError('caller_unknown');
      return andThen(callerThrough(users, holder.account, claim.userId), (caller) => {
        lastUse.noteCredential(holder.credential.accessKey, at, address);
        return caller;
      });
    });
};

function callerThrough(
  users: Ports['users'],
  { appId, scope }: CallingAccount,
  userId: UserId | null,
): Awaitable<UserCaller | PlatformCaller> {
  const account = { appId, scope };
  if (userId === null) return { kind: 'platform', account };
  return andThen(users.find(userId), (user) => {
    if (user?.locked) throw new PlatformError('user_locked');
    return { kind: 'user', userId, admin: user?.admin ?? false, account };
  });
}
