import type { Caller } from './caller.js';
import type { Changes } from './facts.js';
import type { GrantType } from './grant-rules.js';
import type { AccessKey } from './key-format.js';
import type { AppId, UserId } from './names.js';

/** Who did it, in the words the audit keeps. */
export interface DoneBy {
  /** `stranger`: nobody was proven. */
  readonly kind: Caller['kind'] | 'stranger';
  readonly userId: UserId | null;
  /** The platform account the user acted through. */
  readonly appId: AppId | null;
  /** Where the request came from; null for what came from no network. */
  readonly address: string | null;
  /** 32 hex digits that lead to the log line; null for what was no request. */
  readonly traceId: string | null;
}

/** What every change says of itself. */
export interface Happened {
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly by: DoneBy;
  readonly changes: Changes;
}

interface Named<Name extends string> extends Happened {
  readonly name: Name;
}

/** Why an account is written. Every write has one, and the audit keeps it beside the write. */
export type AccountEvent =
  | Named<
      | 'account.opened'
      | 'account.amended'
      | 'account.locked'
      | 'account.unlocked'
      | 'account.transferred'
      | 'account.deleted'
    >
  | (Named<'credential.retired'> & { readonly accessKeys: readonly AccessKey[] })
  | (Named<'credential.expiring'> & AboutCredential & { readonly days: number; readonly expiresAt: number })
  | (Named<
      | 'credential.issued'
      | 'credential.rotated'
      | 'credential.rolled_back'
      | 'credential.enabled'
      | 'credential.disabled'
      | 'credential.withdrawn'
    > &
      AboutCredential);

interface AboutCredential {
  readonly accessKey: AccessKey;
  readonly grantType: GrantType;
}

/** Why a user is written. */
export type UserEvent = Named<
  'user.registered' | 'user.amended' | 'user.password_changed' | 'user.locked' | 'user.unlocked' | 'user.deleted'
>;

/** Why an authorization is written. */
export type AuthorizationEvent = Named<'authorization.granted' | 'authorization.revoked'>;

/** Why an access token is written. */
export type TokenEvent = Named<'token.issued' | 'token.revoked'>;

/** Why a session is written. */
export type SessionEvent = Named<'session.opened' | 'session.closed'>;

/** Why a webhook is written. */
export type WebhookEvent = Named<
  'webhook.registered' | 'webhook.amended' | 'webhook.secret_rotated' | 'webhook.replayed' | 'webhook.deleted'
>;

/** Why a key that signs ID tokens is written. */
export type SigningKeyEvent = Named<'signing_key.created' | 'signing_key.retired' | 'signing_key.withdrawn'>;

/** What the audit keeps that changed nothing but itself. */
export type AuditEvent =
  | (Named<'caller.refused'> & {
      /** The error's code, in the words of the catalogue. */
      readonly error: string;
      /** The access key that was presented, if one was. */
      readonly accessKey: AccessKey | null;
      /** How often the same was refused to the same from then until `until`. */
      readonly times: number;
      readonly until: number;
    })
  | (Named<'audit.pruned'> & {
      /** The last record of the chain that was removed. */
      readonly through: number;
      readonly hash: string;
      readonly removed: number;
    });

export type DomainEvent =
  | AccountEvent
  | UserEvent
  | AuthorizationEvent
  | TokenEvent
  | SessionEvent
  | SigningKeyEvent
  | WebhookEvent
  | AuditEvent;

/** The part of an event that says who, when and what. */
export function happened(caller: Caller, at: number, changes: Changes): Happened {
  return { at, by: doneBy(caller), changes };
}

export function doneBy(caller: Caller): DoneBy {
  const userId = caller.kind === 'user' ? caller.userId : null;
  const appId = 'account' in caller ? (caller.account?.appId ?? null) : null;
  const { address = null, traceId = null } = ('origin' in caller && caller.origin) || {};
  return { kind: caller.kind, userId, appId, address, traceId };
}
