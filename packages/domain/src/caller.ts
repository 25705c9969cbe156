import type { Account } from './account.js';
import { PlatformError } from './errors.js';
import type { GrantType, Scope } from './grant-rules.js';
import type { UserId } from './names.js';

/** Who is asking, once that is proven. The first argument of every use case. */
export type Caller = UserCaller | PlatformCaller | OperatorCaller | WorkerCaller;

/** A user, by themselves or through a platform's account. */
export interface UserCaller {
  readonly kind: 'user';
  readonly userId: UserId;
  readonly admin: boolean;
  /** The account by whose key, or with whose grant, the call was proven; null when the user proved it. */
  readonly account: CallingAccount | null;
  readonly origin?: Origin | undefined;
}

/** A platform's account that named no user. */
export interface PlatformCaller {
  readonly kind: 'platform';
  readonly account: CallingAccount;
  readonly origin?: Origin | undefined;
}

/** The request that a call came by, as the audit tells of it. */
export interface Origin {
  readonly address: string;
  /** 32 hex digits. */
  readonly traceId: string;
}

/** Whoever can read the database file. */
export interface OperatorCaller {
  readonly kind: 'operator';
}

/** The service itself, at its upkeep. */
export interface WorkerCaller {
  readonly kind: 'worker';
}

export interface CallingAccount extends Pick<Account, 'appId' | 'scope'> {
  /** The user let it act for them: its scope is what is left of what they granted. */
  readonly granted?: true;
}

/** A caller who can act on accounts: somebody, not just an application. */
export type Actor = UserCaller | OperatorCaller | WorkerCaller;

export const OPERATOR: OperatorCaller = { kind: 'operator' };
export const WORKER: WorkerCaller = { kind: 'worker' };

/**
 * The first question of every call on accounts, before anything is read.
 * @throws user_header_missing for a platform that names no user
 * @throws account_not_allowed for a platform account without the scope SYSTEM
 */
export function demandActor(caller: Caller): Actor {
  if (caller.kind === 'platform') throw new PlatformError('user_header_missing');
  demandSystemScope(caller);
  return caller;
}

export function isAdmin(caller: Caller): boolean {
  return caller.kind === 'operator' || caller.kind === 'worker' || (caller.kind === 'user' && caller.admin);
}

/** @throws user_not_allowed */
export function demandAdmin(caller: Caller): Actor {
  const actor = demandActor(caller);
  if (!isAdmin(actor)) throw new PlatformError('user_not_allowed');
  return actor;
}

/** Owner or admin. Nobody else is told that the account exists. */
export function mayManage(caller: Caller, account: Pick<Account, 'owner'>): boolean {
  return isAdmin(caller) || (caller.kind === 'user' && caller.userId === account.owner);
}

/** The account, if the actor may know of it. @throws account_missing when it is missing or somebody else's. */
export function demandManaged<T extends Pick<Account, 'owner'>>(actor: Actor, account: T | null): T {
  if (!account || !mayManage(actor, account)) throw new PlatformError('account_missing');
  return account;
}

/** A use of accounts that reaches beyond its owner: platform keys act as any user, SYSTEM opens this API. */
export interface Powers {
  readonly grantTypes: readonly GrantType[];
  readonly scope: readonly Scope[];
}

/** Only admins hand out powers, and only they change what holds them. @throws user_not_allowed */
export function demandMayGrant(actor: Actor, powers: Powers): void {
  const admins = powers.grantTypes.includes('PLATFORM') || powers.scope.includes('SYSTEM');
  if (admins && !isAdmin(actor)) throw new PlatformError('user_not_allowed');
}

/** Owners lock their account in an emergency; that it is over is for an admin to say. @throws user_not_allowed */
export function demandMayChangeLock(actor: Actor, before: boolean, after: boolean): void {
  if (before && !after && !isAdmin(actor)) throw new PlatformError('user_not_allowed');
}

/** No application makes itself a token of the user's that outlives the authorization it acts by. @throws not_allowed */
export function demandOwnDeed(caller: Caller): void {
  if (caller.kind === 'user' && caller.account?.granted) throw new PlatformError('not_allowed');
}

/** Nobody agrees for somebody else: not a platform or an application that acts for them, not an operator. @throws not_allowed */
export function demandInPerson(caller: Caller): UserCaller {
  const actor = demandActor(caller);
  if (actor.kind !== 'user' || actor.account !== null) throw new PlatformError('not_allowed');
  return actor;
}

/** What lies behind the gateway is not told of scopes: applications need all that lead there. @throws account_not_allowed */
export function demandGatewayScope(caller: Caller): void {
  if (caller.kind !== 'user' || !caller.account?.granted) return;
  const { scope } = caller.account;
  if (!GATEWAY_SCOPES.every((needed) => scope.includes(needed))) throw lacking(GATEWAY_SCOPES);
}

/** What a token would need is told to applications: they can ask the user for it. */
function lacking(scopes: readonly Scope[]): PlatformError {
  return new PlatformError('account_not_allowed', { scope: scopes.join(' ') });
}

const GATEWAY_SCOPES: readonly Scope[] = ['PROJECT', 'REPO', 'NODE'];

/** A platform's own key with scope SYSTEM, or an admin, may have any key pair checked. */
export function mayCheckAnyKey(caller: Caller): boolean {
  if ('account' in caller && caller.account) return caller.account.scope.includes('SYSTEM');
  return isAdmin(caller);
}

/** @throws account_not_allowed for a platform account without the scope SYSTEM; the check calls need no user. */
export function demandSystemScope(caller: Caller): void {
  const account = 'account' in caller ? caller.account : null;
  if (!account || account.scope.includes('SYSTEM')) return;
  throw account.granted ? lacking(['SYSTEM']) : new PlatformError('account_not_allowed');
}
