import {
  andThen,
  type Attempt,
  type Awaitable,
  type Caller,
  type Origin,
  type PlatformCaller,
  type UserCaller,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import type { LastUse } from '../last-use.js';
import { authenticatePassword, type PasswordClaim } from './authenticate-password.js';
import { authenticatePlatform, type PlatformClaim } from './authenticate-platform.js';
import { authenticateSession, type SessionClaim } from './authenticate-session.js';
import { authenticateToken, type TokenClaim } from './authenticate-token.js';
import { authenticateUserHeader, type HeaderClaim } from './authenticate-user-header.js';
import { slowDown } from './slow-down.js';

/** How a request says who it comes from; nothing of it is believed yet. */
export type Claim =
  | ({ readonly scheme: 'platform' } & PlatformClaim)
  | ({ readonly scheme: 'token' } & TokenClaim)
  | ({ readonly scheme: 'session' } & SessionClaim)
  | ({ readonly scheme: 'password' } & PasswordClaim)
  | ({ readonly scheme: 'header' } & HeaderClaim);

export type Authenticate = (claim: Claim, origin: Origin) => Awaitable<Caller>;

type Needs = Pick<
  Ports,
  | 'accounts'
  | 'users'
  | 'tokens'
  | 'sessions'
  | 'oauth'
  | 'digest'
  | 'secrets'
  | 'bearerSecrets'
  | 'passwords'
  | 'failures'
  | 'clock'
>;

/**
 * Who is calling, whatever the scheme.
 * @throws too_many_requests to whoever failed too often, and what the scheme throws
 */
export const authenticate = (ports: Needs, lastUse: LastUse): Authenticate => {
  const byScheme = proofs(ports, lastUse);
  const prove = (claim: Claim, address: string) => (byScheme[claim.scheme] as Prove)(claim, address);
  const slowly = slowDown(ports.failures);
  return (claim, origin) => {
    const { address } = origin;
    // Written out, and not spread: every request waits for it.
    return andThen(
      slowly({ name: nameIn(claim), address }, () => prove(claim, address)),
      (caller) =>
        caller.kind === 'platform'
          ? { kind: 'platform', account: caller.account, origin }
          : { kind: 'user', userId: caller.userId, admin: caller.admin, account: caller.account, origin },
    );
  };
};

type Prove = (claim: Claim, address: string) => Awaitable<ProvenCaller>;
/** Who can come by a request. */
type ProvenCaller = UserCaller | PlatformCaller;

type Proofs = {
  readonly [S in Claim['scheme']]: (claim: Extract<Claim, { scheme: S }>, address: string) => Awaitable<ProvenCaller>;
};

function proofs(ports: Needs, lastUse: LastUse): Proofs {
  return {
    platform: authenticatePlatform(ports, lastUse),
    token: authenticateToken(ports, lastUse),
    session: authenticateSession(ports),
    password: authenticatePassword(ports),
    header: authenticateUserHeader(ports),
  };
}

function nameIn(claim: Claim): Attempt['name'] {
  if (claim.scheme === 'platform') return claim.accessKey;
  return claim.scheme === 'password' ? claim.userId : null;
}
