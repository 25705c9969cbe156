import type { BearerMac } from './access-token.js';
import type { Brand } from './brand.js';
import type { UserId } from './names.js';

/** The service's own name of a session; says nothing of the cookie. */
export type SessionId = Brand<string, 'SessionId'>;

/** A browser in which a user has logged in. */
export interface Session {
  readonly id: SessionId;
  readonly userId: UserId;
  readonly mac: BearerMac;
  /** Milliseconds since 1970, UTC; so are all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** Where the login came from, so that its user can tell it from others. */
  readonly address: string | null;
  readonly userAgent: string | null;
}
