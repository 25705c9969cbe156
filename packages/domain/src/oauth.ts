import type { Account, AccountId } from './account.js';
import type { Authorization } from './authorization.js';
import type { Brand } from './brand.js';
import { PlatformError } from './errors.js';
import { parseScopes, type Scope } from './grant-rules.js';
import type { UserId } from './names.js';
import type { BearingUser } from './user.js';

/** SHA-256 of the secret that finds an artifact, or of the grant it belongs to: all that is kept of either. */
export type ArtifactHash = Brand<string, 'ArtifactHash'>;

/** Whatever the authorization server keeps between two requests: a code, a token, a grant, an interaction. */
export interface OAuthArtifact {
  /** The authorization server's word for it: `AuthorizationCode`, `RefreshToken` … */
  readonly kind: string;
  readonly idHash: ArtifactHash;
  /** What it dies with; null: it belongs to no grant. */
  readonly grantHash: ArtifactHash | null;
  /** Null while nobody is known, and for what is no user's. */
  readonly userId: UserId | null;
  /** With a user: it is good for that pair, and lives no longer than the authorization. */
  readonly accountId: AccountId | null;
  /** What it lets an application do; empty for what lets it do nothing. */
  readonly scope: readonly Scope[];
  /** Sealed under the secret that finds it: without that nobody reads it, the keeper of the database included. */
  readonly payload: string;
  /** Milliseconds since 1970, UTC; so are all times here. */
  readonly expiresAt: number;
  /** Null: it can still be redeemed. */
  readonly consumedAt: number | null;
}

/** What is good for one user and one application. */
export const GRANTED_KINDS = ['AuthorizationCode', 'AccessToken', 'RefreshToken', 'Grant'] as const;
export type GrantedKind = (typeof GRANTED_KINDS)[number];

/** An artifact, and those whom it is good for as they are now. */
export interface GrantedArtifact {
  readonly artifact: OAuthArtifact;
  readonly account: Pick<Account, 'id' | 'appId' | 'scope' | 'locked' | 'grantTypes'>;
  readonly user: BearingUser;
}

/** What is left of what was granted: accounts lose scopes, and users who are no longer admins lose SYSTEM. */
export function scopeLeft({ artifact, account, user }: GrantedArtifact): readonly Scope[] {
  return grantableScopes(account, user).filter((scope) => artifact.scope.includes(scope));
}

/** As the authorization server makes them: 43 characters of base64url. Null: it is none. */
export function parseOAuthToken(given: string): string | null {
  return /^[A-Za-z0-9_-]{43}$/.test(given) ? given : null;
}

/** Applications that users can let act for them. */
export function isClient({ locked, grantTypes }: Pick<Account, 'locked' | 'grantTypes'>): boolean {
  return !locked && grantTypes.includes('AUTHORIZATION_CODE');
}

/**
 * What an application may ask this user for: part of the account's own scope, and SYSTEM of admins alone.
 * @throws not_allowed for more than the account's scope
 * @throws user_not_allowed for SYSTEM of somebody who is no admin
 */
export function askableScopes(
  account: Pick<Account, 'scope'>,
  user: { readonly admin: boolean },
  asked: readonly string[],
): readonly Scope[] {
  const scopes = parseScopes(asked);
  if (scopes.some((scope) => !account.scope.includes(scope))) throw new PlatformError('not_allowed');
  const grantable = grantableScopes(account, user);
  if (scopes.some((scope) => !grantable.includes(scope))) throw new PlatformError('user_not_allowed');
  return scopes;
}

/** All that this user can grant it: SYSTEM is for admins. */
export function grantableScopes(account: Pick<Account, 'scope'>, user: { readonly admin: boolean }): readonly Scope[] {
  return account.scope.filter((scope) => scope !== 'SYSTEM' || user.admin);
}

/** Whether this user has agreed to all of that before; then they need not be asked again. */
export function covers(authorization: Pick<Authorization, 'scope'> | null, asked: readonly Scope[]): boolean {
  return authorization !== null && asked.every((scope) => authorization.scope.includes(scope));
}

/** What was granted before and is still the account's, and what is granted now. */
export function widenedScope(
  account: Pick<Account, 'scope'>,
  before: Pick<Authorization, 'scope'> | null,
  granted: readonly Scope[],
): readonly Scope[] {
  return account.scope.filter((scope) => granted.includes(scope) || (before?.scope.includes(scope) ?? false));
}
