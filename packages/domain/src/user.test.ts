import { describe, expect, test } from '@jest/globals';
import { frozen, LATER, NOON } from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import type { UserId } from './names.js';
import {
  changePassword,
  isActingAdmin,
  lockUser,
  parsePassword,
  registerUser,
  type PasswordHash,
  type User,
} from './user.js';

const hash = (name: string): PasswordHash => `$argon2id$${name}` as PasswordHash;

const aUser = (overrides: Partial<Pick<User, 'name' | 'admin' | 'passwordHash'>> = {}): User =>
  frozen(
    registerUser({
      userId: 'olga' as UserId,
      name: null,
      passwordHash: hash('first'),
      admin: false,
      now: NOON,
      ...overrides,
    }),
  );

describe('a user', () => {
  test('begins unlocked, and as an admin only when that was said', () => {
    expect(aUser({ name: 'Olga Maier' })).toEqual({
      userId: 'olga',
      name: 'Olga Maier',
      passwordHash: hash('first'),
      admin: false,
      locked: false,
      createdAt: NOON,
      lastModifiedAt: NOON,
      version: 1,
    });
    expect(aUser({ admin: true }).admin).toBe(true);
  });

  test('has a name of at most 128 characters, or none', () => {
    expect(aUser({ name: null }).name).toBeNull();
    expect(aUser({ name: '姓'.repeat(128) }).name).toBe('姓'.repeat(128));
    expect(refusalOf(() => aUser({ name: 'x'.repeat(129) }))).toEqual(fieldRefusal('name', 'too_long', { max: 128 }));
    expect(refusalOf(() => aUser({ name: 'a\0' }))).toEqual(fieldRefusal('name', 'not_plain_text'));
  });

  test('is locked, unlocked and given another password without touching anything else', () => {
    const user = aUser();
    expect(lockUser(user, true, LATER)).toEqual({ ...user, locked: true, lastModifiedAt: LATER });
    expect(lockUser(lockUser(user, true, NOON), false, LATER)).toEqual({ ...user, lastModifiedAt: LATER });
    expect(changePassword(user, hash('second'), LATER)).toEqual({
      ...user,
      passwordHash: hash('second'),
      lastModifiedAt: LATER,
    });
  });

  test('is an acting admin when admin and not locked', () => {
    expect([
      isActingAdmin(aUser({ admin: true })),
      isActingAdmin(lockUser(aUser({ admin: true }), true, LATER)),
      isActingAdmin(aUser()),
    ]).toEqual([true, false, false]);
  });
});

describe('a password', () => {
  test.each([
    '12345678',
    'x'.repeat(256),
    'correct horse battery staple',
    '密码密码密码密码',
    '😀'.repeat(8),
    '  blank  ',
  ])('may be %j: no rule on its composition (NIST SP 800-63B)', (text) => {
    expect(parsePassword(text)).toBe(text);
  });

  test.each(['', '1234567', '😀'.repeat(7)])('has at least 8 characters, unlike %j', (text) => {
    expect(refusalOf(() => parsePassword(text))).toEqual(fieldRefusal('password', 'too_short', { min: 8 }));
  });

  test('has at most 256 characters', () => {
    expect(refusalOf(() => parsePassword('x'.repeat(257)))).toEqual(fieldRefusal('password', 'too_long', { max: 256 }));
  });

  test('that is refused is never repeated in the refusal', () => {
    expect(JSON.stringify(refusalOf(() => parsePassword('hunter2')))).not.toContain('hunter2');
  });
});
