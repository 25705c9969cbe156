import type { SigningKeyEvent } from './events.js';
import type { PrivateKey, SigningKey, SigningKeyId } from './signing-key.js';

/** Sees what is committed and nothing of an open unit of work. */
export interface SigningKeyReader {
  /** All of them, in any order. */
  list(): Promise<readonly SigningKey[]>;
}

/** Part of a unit of work. */
export interface SigningKeyStore {
  /** All of them, in any order. They stay as they are until the unit ends: nobody else adds or removes one. */
  list(): Promise<readonly SigningKey[]>;
  /** After `list`, which says what it stands beside. */
  add(key: SigningKey, because: SigningKeyEvent): Promise<void>;
  /** After `list`. */
  remove(key: SigningKey, because: SigningKeyEvent): Promise<void>;
}

export interface KeyMaker {
  /** RSA of 2048 bits from a secure source of randomness. Takes a while, in which other things go on. */
  newSigningKey(): Promise<{ readonly id: SigningKeyId; readonly privateKey: PrivateKey }>;
}
