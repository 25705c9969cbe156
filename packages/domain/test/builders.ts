import {
  type addCredential,
  parseAccountStatement,
  type Account,
  type AccountId,
  type AccountRequest,
  type AccountStatement,
  type NewKeys,
} from '../src/account.js';
import type { AuditRecord } from '../src/audit.js';
import type { BoxedSecret } from '../src/boxed-secret.js';
import { issueCredential, type Credential, type NewKey } from '../src/credential.js';
import type { GrantType } from '../src/grant-rules.js';
import { accessKeyFrom, secretKeyFrom } from '../src/key-format.js';
import type { AppId, UserId } from '../src/names.js';
import type { User } from '../src/user.js';
import { HEALTHY, type Webhook, type WebhookId } from '../src/webhook.js';

export const NOON = Date.parse('2024-05-01T12:00:00.000Z');
export const LATER = NOON + 60_000;

export const OWNER = 'olga' as UserId;

/** A well-formed key pair; two of different names have nothing in common. */
export function aKey(name: string): NewKey {
  return {
    accessKey: accessKeyFrom(name.padEnd(24, '0')),
    secretKey: secretKeyFrom(name.padEnd(43, '0')),
    sealedSecret: { pepperId: 'pepper', mac: `mac-of-${name}` },
  };
}

/** What is asked of {@link addCredential}; by default one more PLATFORM credential without end. */
export function anAsked(name: string, overrides: Partial<AskedCredential> = {}): AskedCredential {
  return { key: aKey(name), grantType: 'PLATFORM', expiresAt: null, mostLive: 5, now: LATER, ...overrides };
}

type AskedCredential = Parameters<typeof addCredential>[1];

/** The keys that a use case has ready before it opens or amends an account. */
export const freshKeys = (): NewKeys => ({
  PLATFORM: aKey('freshPlatform'),
  AUTHORIZATION_CODE: aKey('freshCode'),
});

export function aCredential(name: string, grantType: GrantType, overrides: Partial<Credential> = {}): Credential {
  return { ...issueCredential(aKey(name), grantType, NOON), ...overrides };
}

/** A PLATFORM account with one credential. Frozen throughout: a verb that changes what it was given throws. */
export function anAccount(overrides: Partial<Account> = {}): Account {
  const grantTypes = overrides.grantTypes ?? ['PLATFORM'];
  return frozen({
    id: '018f3a5c-0000-7000-8000-000000000001' as AccountId,
    appId: 'bkdevops' as AppId,
    owner: OWNER,
    locked: false,
    grantTypes,
    scope: ['PROJECT'],
    homepageUrl: 'https://devops.example/home',
    redirectUri: 'https://devops.example/back',
    avatarUrl: null,
    description: null,
    credentials: grantTypes.map((type) => aCredential(`first${type.replace('_', '')}`, type)),
    createdAt: NOON,
    lastModifiedAt: NOON,
    version: 1,
    ...overrides,
  });
}

/** What an edge hands on; by default a request that changes nothing of {@link anAccount}. */
export function aStatement(overrides: Partial<AccountStatement> = {}): AccountStatement {
  return { appId: 'bkdevops', authorizationGrantTypes: ['PLATFORM'], ...overrides };
}

export function aRequest(overrides: Partial<AccountStatement> = {}): AccountRequest {
  return frozen(parseAccountStatement(aStatement(overrides)));
}

export function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
  return value;
}

export function aUser(overrides: Partial<User> = {}): User {
  return frozen({
    userId: OWNER,
    name: null,
    passwordHash: null,
    admin: false,
    locked: false,
    createdAt: NOON,
    lastModifiedAt: NOON,
    version: 1,
    ...overrides,
  });
}

/** A webhook that hears everything of everybody. Frozen throughout. */
export function aWebhook(overrides: Partial<Webhook> = {}): Webhook {
  return frozen({
    id: 'webhook-1' as WebhookId,
    accountId: null,
    appId: null,
    url: 'https://hooks.example/claviger',
    events: [],
    description: null,
    enabled: true,
    secret: aBoxedSecret('first'),
    formerSecret: null,
    health: HEALTHY,
    createdAt: NOON,
    lastModifiedAt: NOON,
    version: 1,
    ...overrides,
  });
}

export function aBoxedSecret(name: string): BoxedSecret {
  return { keyId: 'pepper', box: `box-of-${name}`, fingerprint: `print-of-${name}` };
}

/** What the audit keeps of a change of {@link anAccount}, not sealed yet. */
export function aRecord(overrides: Partial<AuditRecord> = {}): AuditRecord {
  const { id, appId } = anAccount();
  return frozen({
    id: 7,
    name: 'account.locked',
    at: NOON,
    by: { kind: 'user', userId: OWNER, appId: null, address: '192.0.2.7', traceId: 'ab'.repeat(16) },
    subject: { kind: 'account', id, name: appId },
    changes: { before: { locked: false }, after: { locked: true } },
    details: {},
    seal: null,
    ...overrides,
  });
}
