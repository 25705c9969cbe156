import {
  andThen,
  isClient,
  isExpired,
  parseAccessToken,
  parseOAuthToken,
  PlatformError,
  scopeLeft,
  type Awaitable,
  type UserCaller,
  type UserId,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import type { LastUse } from '../last-use.js';
import { artifactHash } from '../oauth/artifact-hash.js';
import { callerOf } from './user-caller.js';

/** An access token as it was sent, and the user that a header named beside it, if one did. */
export interface TokenClaim {
  readonly token: string;
  readonly userId: UserId | null;
  /** It stood in the address, where logs and histories see it: good for the platform's own tokens alone. */
  readonly inAddress?: true;
}

type Needs = Pick<Ports, 'tokens' | 'bearerSecrets' | 'oauth' | 'digest' | 'clock'>;

/**
 * The user behind an access token, one of the platform's own or one that an application got for them.
 * @throws access_token_empty, access_token_illegal, access_token_expired
 * @throws user_locked
 * @throws user_differs when the header names somebody else
 */
export const authenticateToken = (ports: Needs, lastUse: LastUse) => {
  const { tokens, bearerSecrets, clock } = ports;
  const byGrant = authenticateGrant(ports, lastUse);
  return (claim: TokenClaim): Awaitable<UserCaller> => {
    if (claim.token === '') throw new PlatformError('access_token_empty');
    const text = parseAccessToken(claim.token);
    if (!text) return byGrant(claim);
    return andThen(tokens.findByMac(bearerSecrets.macOfAccessToken(text)), (found) => {
      if (!found) throw new PlatformError('access_token_illegal');
      const now = clock.now();
      demandLife(found.token, now);
      const caller = callerOf(found.user, claim.userId);
      lastUse.noteToken(found.token.id, now);
      return caller;
    });
  };
};

/** The user through the application that they let act for them. */
const authenticateGrant =
  ({ oauth, digest, clock }: Needs, lastUse: LastUse) =>
  async ({ token, userId, inAddress }: TokenClaim): Promise<UserCaller> => {
    const text = inAddress ? null : parseOAuthToken(token);
    const found = text ? await oauth.findGranted('AccessToken', artifactHash(digest, text)) : null;
    if (!found || !isClient(found.account)) throw new PlatformError('access_token_illegal');
    const now = clock.now();
    demandLife(found.artifact, now);
    const caller = callerOf(found.user, userId);
    lastUse.noteAuthorization({ userId: found.user.userId, accountId: found.account.id }, now);
    return { ...caller, account: { appId: found.account.appId, scope: scopeLeft(found), granted: true } };
  };

function demandLife(held: { readonly expiresAt: number }, now: number): void {
  if (isExpired(held, now)) throw new PlatformError('access_token_expired', { expiredAt: held.expiresAt });
}
