import { createHash } from 'node:crypto';
import {
  ACCESS_KEY_BODY_LENGTH,
  accessKeyFrom,
  SECRET_BODY_LENGTH,
  secretKeyFrom,
  type AccountId,
  type Clock,
  type Ids,
  type NewKey,
  type PasswordHash,
  type Passwords,
  type Secrets,
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
  return { nextAccountId: () => numberedId(++count) };
}

export function numberedId(count: number): AccountId {
  return `00000000-0000-7000-8000-${String(count).padStart(12, '0')}` as AccountId;
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

/** Counted passwords; hashed fast, for tests have many. */
export function plainPasswords(): Passwords {
  let count = 0;
  return {
    generate: () => `password-${++count}`,
    hash: async (password) => macOf(password) as PasswordHash,
    verify: async (password, hash) => hash !== null && macOf(password) === hash,
  };
}

function macOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
