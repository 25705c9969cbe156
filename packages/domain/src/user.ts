import type { Brand } from './brand.js';
import { fieldInvalid } from './errors.js';
import type { UserId } from './names.js';
import { parseText } from './text-rules.js';

/** What is kept of a password: an argon2id hash with its parameters. */
export type PasswordHash = Brand<string, 'PasswordHash'>;

/** A person the service itself knows. Users it does not know are ordinary users without a password. */
export interface User {
  readonly userId: UserId;
  readonly name: string | null;
  /** Null: cannot log in here. */
  readonly passwordHash: PasswordHash | null;
  readonly admin: boolean;
  readonly locked: boolean;
  /** Milliseconds since 1970, UTC. */
  readonly createdAt: number;
  /** Milliseconds since 1970, UTC. */
  readonly lastModifiedAt: number;
  /** Counts the writes; a save of any but the stored version is stale. */
  readonly version: number;
}

/** A user as far as calls are judged by it. */
export type BearingUser = Pick<User, 'userId' | 'admin' | 'locked'>;

export const MAX_USER_NAME_LENGTH = 128;
export const MIN_PASSWORD_LENGTH = 8;
export const MAX_PASSWORD_LENGTH = 256;

export function registerUser(
  given: Pick<User, 'userId' | 'passwordHash' | 'admin'> & { name: string | null; now: number },
): User {
  return {
    userId: given.userId,
    name: given.name === null ? null : parseUserName(given.name),
    passwordHash: given.passwordHash,
    admin: given.admin,
    locked: false,
    createdAt: given.now,
    lastModifiedAt: given.now,
    version: 1,
  };
}

export function lockUser(user: User, locked: boolean, now: number): User {
  return { ...user, locked, lastModifiedAt: now };
}

export function changePassword(user: User, passwordHash: PasswordHash, now: number): User {
  return { ...user, passwordHash, lastModifiedAt: now };
}

/** What an admin changes of a user; left out keeps what was, an empty name takes it away. */
export interface UserAmendment {
  readonly name?: string | null | undefined;
  readonly admin?: boolean | null | undefined;
  readonly locked?: boolean | null | undefined;
}

export function amendUser(user: User, given: UserAmendment, now: number): User {
  return {
    ...user,
    name: given.name === undefined || given.name === null ? user.name : parseUserName(given.name),
    admin: given.admin ?? user.admin,
    locked: given.locked ?? user.locked,
    lastModifiedAt: now,
  };
}

/** Long enough to resist guessing, short enough to hash; no rule on composition (NIST SP 800-63B, 3.1.1.2). */
export function parsePassword(given: string, field = 'password'): string {
  const text = parseText(field, given, MAX_PASSWORD_LENGTH);
  if ([...text].length < MIN_PASSWORD_LENGTH) throw fieldInvalid(field, 'too_short', { min: MIN_PASSWORD_LENGTH });
  return text;
}

/** @throws field_invalid */
export function parseUserName(given: string): string | null {
  return parseText('name', given, MAX_USER_NAME_LENGTH) || null;
}

/** An admin who can act: the service must keep at least one. */
export function isActingAdmin(user: User): boolean {
  return user.admin && !user.locked;
}
