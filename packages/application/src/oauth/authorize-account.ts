import {
  askableScopes,
  authorizationChanges,
  covers,
  demandInPerson,
  grantableScopes,
  happened,
  isClient,
  parseAppId,
  PlatformError,
  widenedScope,
  type Account,
  type Authorization,
  type Caller,
  type Scope,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** What an application asks a user for. */
export interface AskedFor {
  readonly appId: string;
  readonly scope: readonly string[];
}

export interface MaybeAskedFor extends Pick<AskedFor, 'appId'> {
  /** Null: all that this user could grant it. */
  readonly scope: readonly string[] | null;
}

export interface Consent {
  readonly account: Account;
  readonly scope: readonly Scope[];
  /** The user has agreed to all of this before. */
  readonly given: boolean;
}

/** What a user is to be asked, and whether they need be. @throws account_missing, field_invalid, not_allowed, user_not_allowed */
export const showConsent =
  ({ accounts, oauth }: Pick<Ports, 'accounts' | 'oauth'>) =>
  async (caller: Caller, { appId, scope: asked }: MaybeAskedFor): Promise<Consent> => {
    const user = demandInPerson(caller);
    const account = demandClient(await accounts.find(parseAppId(appId)));
    const scope = asked === null ? grantableScopes(account, user) : askableScopes(account, user, asked);
    return { account, scope, given: covers(await oauth.authorization(user.userId, account.id), scope) };
  };

/**
 * A user lets an application act for them within that scope, and within what they granted it before.
 * @throws account_missing, field_invalid, not_allowed, user_not_allowed
 */
export const authorizeAccount =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, { appId: given, scope: asked }: AskedFor): Promise<Authorization> => {
    const appId = parseAppId(given);
    const user = demandInPerson(caller);
    const now = clock.now();
    return unitOfWork.run(async ({ accounts, authorizations }) => {
      const account = demandClient(await accounts.find(appId));
      const scope = askableScopes(account, user, asked);
      const before = await authorizations.find(user.userId, account.id);
      if (before && covers(before, scope)) return before;
      const after: Authorization = {
        userId: user.userId,
        accountId: account.id,
        scope: widenedScope(account, before, scope),
        grantedAt: now,
        lastUsedAt: before?.lastUsedAt ?? null,
      };
      const because = happened(user, now, authorizationChanges(before, after));
      await authorizations.put(after, { name: 'authorization.granted', ...because });
      return after;
    });
  };

function demandClient(account: Account | null): Account {
  if (!account || !isClient(account)) throw new PlatformError('account_missing');
  return account;
}
