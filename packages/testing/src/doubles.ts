import { createHash } from 'node:crypto';
import {
  ACCESS_KEY_BODY_LENGTH,
  accessKeyFrom,
  accessTokenFrom,
  SECRET_BODY_LENGTH,
  secretKeyFrom,
  UNLIMITED,
  type AccessTokenText,
  type AccountId,
  type Attempt,
  type BearerMac,
  type BearerSecrets,
  type Clock,
  type CredentialPolicy,
  type Digest,
  type FailureGuard,
  type Ids,
  type KeyMaker,
  type Messenger,
  type NewKey,
  type Outcome,
  type OutgoingMessage,
  type PasswordHash,
  type Passwords,
  type PrivateKey,
  type Secrets,
  type SessionId,
  type SigningKeyId,
  type TokenId,
  type Boxable,
  type BoxedSecret,
  type BoxPurpose,
  type Vault,
  type WebhookId,
  type WebhookSecret,
} from '@claviger/domain';

/** 1 January 2026, midnight UTC. */
export const NEW_YEAR = Date.UTC(2026, 0, 1);

/** A clock that stands still until it is told to advance. */
export interface FixedClock extends Clock {
  /** @param ms milliseconds */
  advance(ms: number): void;
}

export function fixedClock(start: number = NEW_YEAR): FixedClock {
  let now = start;
  return {
    now: () => now,
    advance: (ms) => {
      now += ms;
    },
  };
}

/** Ids in the form of a UUID, counted from 1. */
export function countingIds(): Ids {
  let count = 0;
  return {
    nextAccountId: () => numberedId(++count),
    nextTokenId: () => numberedTokenId(++count),
    nextSessionId: () => numberedSessionId(++count),
    nextWebhookId: () => numberedWebhookId(++count),
    chance: () => 0.5,
  };
}

export function numberedId(count: number): AccountId {
  return `00000000-0000-7000-8000-${String(count).padStart(12, '0')}` as AccountId;
}

export function numberedTokenId(count: number): TokenId {
  return `token-${String(count).padStart(7, '0')}` as TokenId;
}

export function numberedSessionId(count: number): SessionId {
  return `session-${String(count).padStart(7, '0')}` as SessionId;
}

export function numberedWebhookId(count: number): WebhookId {
  return `webhook-${String(count).padStart(7, '0')}` as WebhookId;
}

/** Counted key pairs in the right format; sealed with a bare hash, so that nothing kept shows a secret. */
export function plainSecrets(): Secrets {
  let count = 0;
  return {
    newKey: () => numberedKey(++count),
    matches: (secretKey, sealed) => sealed !== null && macOf(secretKey) === sealed.mac,
  };
}

export function numberedKey(count: number): NewKey {
  const secretKey = secretKeyFrom(String(count).padStart(SECRET_BODY_LENGTH, '0'));
  return {
    accessKey: accessKeyFrom(String(count).padStart(ACCESS_KEY_BODY_LENGTH, '0')),
    secretKey,
    sealedSecret: { pepperId: 'plain', mac: macOf(secretKey) },
  };
}

/** What an installation allows where nothing is configured. */
export const USUAL_POLICY: CredentialPolicy = { expiry: UNLIMITED, mostLive: 5 };

/** The only password that the plain passwords call common. */
export const COMMON_PASSWORD = 'password1';

/** Counted passwords; hashed fast, for tests have many. */
export function plainPasswords(): Passwords {
  let count = 0;
  return {
    generate: () => `password-${++count}`,
    isCommon: async (password) => password === COMMON_PASSWORD,
    hash: async (password) => macOf(password) as PasswordHash,
    verify: async (password, hash) => hash !== null && macOf(password) === hash,
  };
}

/** Counted tokens and sessions, sealed with a bare hash. */
export function plainBearerSecrets(): BearerSecrets {
  let count = 0;
  const macOfText = (text: string) => macOf(text) as BearerMac;
  return {
    newAccessToken: () => {
      const text = numberedToken(++count);
      return { text, mac: macOfText(text) };
    },
    newSession: () => {
      const text = `session-text-${++count}`;
      return { text, mac: macOfText(text) };
    },
    macOfAccessToken: macOfText,
    macOfSession: macOfText,
  };
}

export function numberedToken(count: number): AccessTokenText {
  return accessTokenFrom(String(count).padStart(SECRET_BODY_LENGTH, '0'));
}

/** Counts failures in memory and makes wait as soon as it is told to. */
export interface PlainFailureGuard extends FailureGuard {
  readonly seen: readonly Attempt[];
  /** From now on this attempt has to wait. @param milliseconds 0: no more */
  block(attempt: Attempt, milliseconds: number): void;
}

export function plainFailureGuard(): PlainFailureGuard {
  const seen: Attempt[] = [];
  const waits = new Map<string, number>();
  const keyOf = ({ name, address }: Attempt) => `${name} ${address}`;
  return {
    seen,
    block: (attempt, milliseconds) => void waits.set(keyOf(attempt), milliseconds),
    waitOf: (attempt) => waits.get(keyOf(attempt)) ?? 0,
    failed: async (attempt) => void seen.push(attempt),
  };
}

/** Keeps secrets in a box that only it can open: a counted name. */
export function plainVault(): Vault {
  const kept = new Map<string, string>();
  const boxOf = (purpose: BoxPurpose, secret: string): BoxedSecret => {
    const count = kept.size + 1;
    kept.set(`${purpose} box-${count}`, secret);
    return { keyId: 'plain', box: `box-${count}`, fingerprint: `print-${count}` };
  };
  return {
    box: boxOf,
    open: <Purpose extends BoxPurpose>(purpose: Purpose, { box }: BoxedSecret) => {
      const secret = kept.get(`${purpose} ${box}`);
      if (secret === undefined) throw new Error('The box was made by somebody else, or for something else.');
      return secret as Boxable[Purpose];
    },
    newWebhookSecret: () => {
      const text = `webhook-secret-${kept.size + 1}`.padEnd(32, '.');
      const secret = `whsec_${Buffer.from(text).toString('base64')}` as WebhookSecret;
      return { secret, boxed: boxOf('webhook', secret) };
    },
  };
}

/** Counted keys: nothing can be signed with them. */
export function plainKeyMaker(): KeyMaker {
  let count = 0;
  return {
    newSigningKey: async () => {
      const id = `signing-key-${++count}` as SigningKeyId;
      return { id, privateKey: `private-key-${count}` as PrivateKey };
    },
  };
}

export const plainDigest: Digest = { sha256: (text) => createHash('sha256').update(text).digest('hex') };

/** Keeps what it is given to send, and ends as it is told to. */
export interface PlainMessenger extends Messenger {
  readonly sent: readonly OutgoingMessage[];
  /** How attempts end from now on, by address; all others are delivered. */
  answer(url: string, outcome: Outcome): void;
}

export const DELIVERED: Outcome = { delivered: true, result: '204' };
export const REFUSED: Outcome = { delivered: false, result: '503', gone: false, retryAfter: null };

export function plainMessenger(): PlainMessenger {
  const sent: OutgoingMessage[] = [];
  const answers = new Map<string, Outcome>();
  return {
    sent,
    answer: (url, outcome) => void answers.set(url, outcome),
    send: async (message) => {
      sent.push(message);
      return answers.get(message.url) ?? DELIVERED;
    },
  };
}

function macOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
