export { MAX_LIST_LIMIT, MAX_SEARCH_LENGTH, type AccountList, type AccountQuery } from './accounts/list-accounts.js';
export type { DisclosedAccount } from './accounts/new-keys.js';
export type { Authenticate, Claim } from './authentication/authenticate.js';
export type { CheckedKey, KeyToCheck } from './credentials/check-credential.js';
export type { DisclosedCredential, NewCredential } from './credentials/create-credential.js';
export { MAX_OVERLAP, type RotationRequest } from './credentials/rotate-credential.js';
export { platform, type Platform } from './platform.js';
export type { Ports } from './ports.js';
export type { PasswordClaim } from './authentication/authenticate-password.js';
export type { PlatformClaim } from './authentication/authenticate-platform.js';
export type { OwnSessions } from './sessions/list-sessions.js';
export type { OpenedSession } from './sessions/log-in.js';
export type { DisclosedToken } from './tokens/create-token.js';
export {
  accountJson,
  credentialJson,
  rotationJson,
  sessionJson,
  tokenJson,
  userJson,
  type AccountJson,
  type CredentialJson,
  type RotationJson,
  type SessionJson,
  type TokenJson,
  type UserJson,
} from './present.js';
export type { FirstRun } from './upkeep/first-run.js';
export type { NewUser } from './users/create-user.js';
export type { Self } from './users/show-self.js';
