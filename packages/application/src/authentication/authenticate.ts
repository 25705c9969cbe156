import {
  PlatformError,
  type Attempt,
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

/** How a request says who it comes from; nothing of it is believed yet. */
export type Claim =
  | ({ readonly scheme: 'platform' } & PlatformClaim)
  | ({ readonly scheme: 'token' } & TokenClaim)
  | ({ readonly scheme: 'session' } & SessionClaim)
  | ({ readonly scheme: 'password' } & PasswordClaim)
  | ({ readonly scheme: 'header' } & HeaderClaim);

export type Authenticate = (claim: Claim, origin: Origin) => Promise<Caller>;

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
 * Who is calling, whatever the scheme. Whoever fails too often has to wait, right or wrong; the right secret from
 * another address does not
 * @throws too_many_requests, and what the scheme throws
 */
export const authenticate = (ports: Needs, lastUse: LastUse): Authenticate => {
  const byScheme = proofs(ports, lastUse);
  const prove = (claim: Claim, address: string) => (byScheme[claim.scheme] as Prove)(claim, address);
  const { failures } = ports;
  return async (claim, origin) => {
    const { address } = origin;
    const attempt = { name: nameIn(claim), address };
    demandNoWait(failures.waitOf(attempt));
    const caller = await prove(claim, address).catch(async (error: unknown) => {
      demandNoWait(failures.waitOf(attempt));
      if (error instanceof PlatformError && error.kind === 'unauthenticated') await failures.failed(attempt);
      throw error;
    });
    // Of many guesses at once those still in hand when there were too many learn nothing, be they right or wrong.
    demandNoWait(failures.waitOf(attempt));
    return { ...caller, origin };
  };
};

type Prove = (claim: Claim, address: string) => Promise<ProvenCaller>;
/** Who can come by a request. */
type ProvenCaller = UserCaller | PlatformCaller;

type Proofs = {
  readonly [S in Claim['scheme']]: (claim: Extract<Claim, { scheme: S }>, address: string) => Promise<ProvenCaller>;
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

function demandNoWait(milliseconds: number): void {
  if (milliseconds > 0) throw new PlatformError('too_many_requests', { retryAfter: Math.ceil(milliseconds / 1000) });
}
