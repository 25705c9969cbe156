import type {
  AccountReader,
  AuditReader,
  BearerSecrets,
  Clock,
  CredentialPolicy,
  Digest,
  FailureGuard,
  Ids,
  KeyMaker,
  Messenger,
  OAuthArtifactReader,
  Passwords,
  Secrets,
  SessionReader,
  SigningKeyReader,
  TokenReader,
  UnitOfWork,
  UserReader,
  Vault,
  WebhookReader,
} from '@claviger/domain';

/** All that the use cases need of the world. Each names the ones it uses. */
export interface Ports {
  readonly accounts: AccountReader;
  readonly users: UserReader;
  readonly tokens: TokenReader;
  readonly sessions: SessionReader;
  readonly webhooks: WebhookReader;
  readonly audit: AuditReader;
  readonly unitOfWork: UnitOfWork;
  readonly secrets: Secrets;
  readonly bearerSecrets: BearerSecrets;
  readonly vault: Vault;
  readonly digest: Digest;
  readonly passwords: Passwords;
  readonly failures: FailureGuard;
  readonly messenger: Messenger;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly policy: CredentialPolicy;
  readonly oauth: OAuthArtifactReader;
  readonly signingKeys: SigningKeyReader;
  readonly keyMaker: KeyMaker;
}
