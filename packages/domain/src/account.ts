import type { Brand } from './brand.js';
import { isLive, issueCredential, type Credential, type CredentialStatus, type NewKey } from './credential.js';
import { fieldInvalid, PlatformError } from './errors.js';
import { compareGrantTypes, parseGrantTypes, parseScopes, type GrantType, type Scope } from './grant-rules.js';
import type { AccessKey } from './key-format.js';
import { parseAppId, type AppId, type UserId } from './names.js';
import {
  MAX_DESCRIPTION_LENGTH,
  parsePictureAddress,
  parseRedirectUri,
  parseText,
  parseWebAddress,
} from './text-rules.js';

/** The service's own name of an account; sorts by time of creation. */
export type AccountId = Brand<string, 'AccountId'>;

const ACCOUNT_ID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** An account's id out of a cursor. @param field the parameter that carried it */
export function parseAccountId(field: string, given: string): AccountId {
  if (!ACCOUNT_ID_PATTERN.test(given)) throw fieldInvalid(field, 'not_cursor');
  return given as AccountId;
}

/** An application that may call the platform, and the credentials it calls with. */
export interface Account {
  readonly id: AccountId;
  readonly appId: AppId;
  readonly owner: UserId;
  readonly locked: boolean;
  readonly grantTypes: readonly GrantType[];
  readonly scope: readonly Scope[];
  readonly homepageUrl: string | null;
  readonly redirectUri: string | null;
  readonly avatarUrl: string | null;
  readonly description: string | null;
  readonly credentials: readonly Credential[];
  /** Milliseconds since 1970, UTC. */
  readonly createdAt: number;
  /** Milliseconds since 1970, UTC. */
  readonly lastModifiedAt: number;
  /** Counts the writes; a save of any but the stored version is stale. */
  readonly version: number;
}

/** What a caller states about an account, in plain texts: the edge has checked their shape and nothing else. */
export interface AccountStatement {
  readonly appId: string;
  readonly authorizationGrantTypes: readonly string[];
  /** Left out or null: not given. The same holds for every optional field; an empty text takes the value away. */
  readonly locked?: boolean | null | undefined;
  readonly scope?: readonly string[] | null | undefined;
  readonly homepageUrl?: string | null | undefined;
  readonly redirectUri?: string | null | undefined;
  readonly avatarUrl?: string | null | undefined;
  readonly description?: string | null | undefined;
}

/** A statement whose every field has been understood. Undefined: not given; null: to be taken away. */
export interface AccountRequest {
  readonly appId: AppId;
  readonly grantTypes: readonly GrantType[];
  readonly locked: boolean | undefined;
  readonly scope: readonly Scope[] | undefined;
  readonly homepageUrl: string | null | undefined;
  readonly redirectUri: string | null | undefined;
  readonly avatarUrl: string | null | undefined;
  readonly description: string | null | undefined;
}

/** @throws field_invalid naming the first field that breaks its rule. */
export function parseAccountStatement(given: AccountStatement): AccountRequest {
  return {
    appId: parseAppId(given.appId),
    grantTypes: parseGrantTypes(given.authorizationGrantTypes),
    locked: given.locked ?? undefined,
    scope: given.scope ? parseScopes(given.scope) : undefined,
    homepageUrl: parseOptional(given.homepageUrl, (text) => parseWebAddress('homepageUrl', text)),
    redirectUri: parseOptional(given.redirectUri, parseRedirectUri),
    avatarUrl: parseOptional(given.avatarUrl, parsePictureAddress),
    description: parseOptional(given.description, (text) => parseText('description', text, MAX_DESCRIPTION_LENGTH)),
  };
}

/** A new key for each grant type that may need one; made beforehand, because making keys is neither pure nor repeatable. */
export type NewKeys = Readonly<Record<GrantType, NewKey>>;

/** A new account with one credential for each of its grant types. @throws field_invalid */
export function openAccount(
  request: AccountRequest,
  given: { id: AccountId; owner: UserId; keys: NewKeys; expiresAt: number | null; now: number },
): Account {
  return presentable({
    id: given.id,
    appId: request.appId,
    owner: given.owner,
    locked: request.locked ?? false,
    grantTypes: request.grantTypes,
    scope: request.scope ?? [],
    homepageUrl: request.homepageUrl ?? null,
    redirectUri: request.redirectUri ?? null,
    avatarUrl: request.avatarUrl ?? null,
    description: request.description ?? null,
    credentials: request.grantTypes.map((type) => issueCredential(given.keys[type], type, given.now, given.expiresAt)),
    createdAt: given.now,
    lastModifiedAt: given.now,
    version: 1,
  });
}

/**
 * The account as the request wants it: fields left out keep their values; a grant type that comes gets one
 * credential, one that goes takes all of its credentials with it. @throws field_invalid
 */
export function amendAccount(
  account: Account,
  request: AccountRequest,
  given: { keys: NewKeys; expiresAt: number | null; now: number },
): Account {
  const { added, removed } = compareGrantTypes(account.grantTypes, request.grantTypes);
  const kept = account.credentials.filter((credential) => !removed.includes(credential.grantType));
  return presentable({
    ...account,
    locked: request.locked ?? account.locked,
    grantTypes: request.grantTypes,
    scope: request.scope ?? account.scope,
    homepageUrl: amended(account.homepageUrl, request.homepageUrl),
    redirectUri: amended(account.redirectUri, request.redirectUri),
    avatarUrl: amended(account.avatarUrl, request.avatarUrl),
    description: amended(account.description, request.description),
    credentials: [...kept, ...added.map((type) => issueCredential(given.keys[type], type, given.now, given.expiresAt))],
    lastModifiedAt: given.now,
  });
}

/** The account under another owner. */
export function transferAccount(account: Account, owner: UserId, now: number): Account {
  return { ...account, owner, lastModifiedAt: now };
}

export function lockAccount(account: Account, locked: boolean, now: number): Account {
  return { ...account, locked, lastModifiedAt: now };
}

/** One more credential. @throws grant_type_absent when the account is not used that way, too_many_credentials */
export function addCredential(
  account: Account,
  given: { key: NewKey; grantType: GrantType; expiresAt: number | null; mostLive: number; now: number },
): Account {
  const { key, grantType, expiresAt, mostLive, now } = given;
  if (!account.grantTypes.includes(grantType)) throw new PlatformError('grant_type_absent', { grantType });
  demandRoom(account, grantType, mostLive, now);
  const credentials = [...account.credentials, issueCredential(key, grantType, now, expiresAt)];
  return { ...account, credentials, lastModifiedAt: now };
}

/** More live credentials than anybody can keep apart are a leak in waiting. @throws too_many_credentials */
export function demandRoom(account: Account, grantType: GrantType, most: number, now: number): void {
  const live = account.credentials.filter((held) => held.grantType === grantType && isLive(held, now));
  if (live.length >= most) throw new PlatformError('too_many_credentials', { most });
}

/** Withdraws one credential, but never the last of its grant type: that would lock the owner out. */
export function withdrawCredential(account: Account, accessKey: AccessKey, now: number): Account {
  const leaving = credentialOf(account, accessKey);
  const siblings = account.credentials.filter((credential) => credential.grantType === leaving.grantType);
  if (siblings.length === 1) throw new PlatformError('credential_is_last');
  const credentials = account.credentials.filter((credential) => credential !== leaving);
  return { ...account, credentials, lastModifiedAt: now };
}

/** Enables or disables one credential; disabling the last is allowed, that is what an emergency needs. @throws too_many_credentials */
export function changeCredentialStatus(
  account: Account,
  accessKey: AccessKey,
  given: { status: CredentialStatus; mostLive: number; now: number },
): Account {
  const { status, mostLive, now } = given;
  const changing = credentialOf(account, accessKey);
  const changed = { ...changing, status };
  if (isLive(changed, now) && !isLive(changing, now)) demandRoom(account, changing.grantType, mostLive, now);
  const credentials = account.credentials.map((credential) => (credential === changing ? changed : credential));
  return { ...account, credentials, lastModifiedAt: now };
}

/** @throws credential_missing when the account has no such key. */
export function credentialOf(account: Account, accessKey: AccessKey): Credential {
  const found = account.credentials.find((credential) => credential.accessKey === accessKey);
  if (!found) throw new PlatformError('credential_missing');
  return found;
}

/** Undefined: not given; null: an empty text, which takes the value away. */
function parseOptional(given: string | null | undefined, parse: (text: string) => string): string | null | undefined {
  if (given === null || given === undefined) return undefined;
  return given === '' ? null : parse(given);
}

function amended(before: string | null, request: string | null | undefined): string | null {
  return request === undefined ? before : request;
}

/** Users are asked to trust an AUTHORIZATION_CODE account: it must say who it is, where it sends them and what it wants. */
function presentable(account: Account): Account {
  if (!account.grantTypes.includes('AUTHORIZATION_CODE')) return account;
  if (!account.homepageUrl) throw fieldInvalid('homepageUrl', 'required_by_authorization_code');
  if (!account.redirectUri) throw fieldInvalid('redirectUri', 'required_by_authorization_code');
  if (account.scope.length === 0) throw fieldInvalid('scope', 'required_by_authorization_code');
  return account;
}
