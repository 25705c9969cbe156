import type { Caller } from './caller.js';
import type { GrantType } from './grant-rules.js';
import type { AccessKey } from './key-format.js';
import type { AppId, UserId } from './names.js';

/** Who did it, in the words the audit keeps. */
export interface DoneBy {
  readonly kind: Caller['kind'];
  readonly userId: UserId | null;
  /** The platform account the user acted through. */
  readonly appId: AppId | null;
}

interface Happened<Name extends string> {
  readonly name: Name;
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly by: DoneBy;
}

/** Why an account is written. Every write has one, and the audit keeps it beside the write. */
export type AccountEvent =
  | Happened<
      | 'account.opened'
      | 'account.amended'
      | 'account.locked'
      | 'account.unlocked'
      | 'account.transferred'
      | 'account.deleted'
    >
  | (Happened<'credential.retired'> & { readonly accessKeys: readonly AccessKey[] })
  | (Happened<
      | 'credential.issued'
      | 'credential.rotated'
      | 'credential.rolled_back'
      | 'credential.enabled'
      | 'credential.disabled'
      | 'credential.withdrawn'
    > & {
      readonly accessKey: AccessKey;
      readonly grantType: GrantType;
    });

/** Why a user is written. */
export type UserEvent = Happened<
  'user.registered' | 'user.amended' | 'user.password_changed' | 'user.locked' | 'user.unlocked' | 'user.deleted'
>;

/** Why an authorization is written. */
export type AuthorizationEvent = Happened<'authorization.granted' | 'authorization.revoked'>;

/** Why an access token is written. */
export type TokenEvent = Happened<'token.issued' | 'token.revoked'>;

/** Why a session is written. */
export type SessionEvent = Happened<'session.opened' | 'session.closed'>;

export type DomainEvent = AccountEvent | UserEvent | AuthorizationEvent | TokenEvent | SessionEvent;

/** The part of an event that says who and when. */
export function happened(caller: Caller, at: number): { at: number; by: DoneBy } {
  const userId = caller.kind === 'user' ? caller.userId : null;
  const appId = 'account' in caller ? (caller.account?.appId ?? null) : null;
  return { at, by: { kind: caller.kind, userId, appId } };
}
