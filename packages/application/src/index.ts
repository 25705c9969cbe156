export {
  MAX_LIST_LIMIT,
  MAX_SEARCH_LENGTH,
  type AccountList,
  type AccountQuery,
  type AuthorizedAccount,
} from './accounts/list-accounts.js';
export { type AuditList, type AuditQuery } from './audit/list-audit.js';
export type { RefusedCall } from './audit/refusals.js';
export type { AuditFlaw, AuditVerdict } from './audit/verify-audit.js';
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
  auditJson,
  authorizedAccountJson,
  credentialJson,
  deliveryJson,
  rotationJson,
  sessionJson,
  signingKeyJson,
  tokenJson,
  userJson,
  webhookJson,
  type AccountJson,
  type AuditJson,
  type AuthorizedAccountJson,
  type CredentialJson,
  type DeliveryJson,
  type RotationJson,
  type SessionJson,
  type SigningKeyJson,
  type TokenJson,
  type UserJson,
  type WebhookJson,
} from './present.js';
export type { OpenedSigningKey } from './signing-keys/open-signing-keys.js';
export type { ReplacedSigningKey } from './signing-keys/rotate-signing-keys.js';
export type { PeriodicTask, Periods } from './upkeep/claim-due.js';
export type { Retention } from './upkeep/delete-expired.js';
export type { FirstRun } from './upkeep/first-run.js';
export type { NewUser } from './users/create-user.js';
export type { Self } from './users/show-self.js';
export type { DisclosedWebhook } from './webhooks/change-webhook.js';
export type { DeliveryList, DeliveryQuery } from './webhooks/list-webhooks.js';
export type { ArtifactToKeep } from './oauth/artifacts.js';
export type { AskedFor, Consent } from './oauth/authorize-account.js';
