export { MAX_LIST_LIMIT, MAX_SEARCH_LENGTH, type AccountList, type AccountQuery } from './accounts/list-accounts.js';
export type { DisclosedAccount } from './accounts/new-keys.js';
export type { PlatformClaim } from './authenticate-platform.js';
export type { CheckedKey, KeyToCheck } from './credentials/check-credential.js';
export type { DisclosedCredential } from './credentials/create-credential.js';
export { platform, type Platform } from './platform.js';
export type { Ports } from './ports.js';
export {
  accountJson,
  credentialJson,
  userJson,
  type AccountJson,
  type CredentialJson,
  type UserJson,
} from './present.js';
export type { FirstRun } from './upkeep/first-run.js';
export type { NewUser } from './users/create-user.js';
