import { describe, expect, it } from '@jest/globals';
import { argon2Passwords } from './argon2-passwords.js';

describe('argon2 passwords', () => {
  const passwords = argon2Passwords();

  it('keeps an argon2id hash and knows the password again', async () => {
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify('correct horse', hash)).toBe(true);
    expect(await passwords.verify('wrong horse', hash)).toBe(false);
  });

  it('refuses every password of a user who has none', async () => {
    expect(await passwords.verify('anything', null)).toBe(false);
  });

  it('generates passwords nobody has seen', () => {
    expect(passwords.generate()).toMatch(/^[0-9A-Za-z]{20}$/);
    expect(passwords.generate()).not.toBe(passwords.generate());
  });
});
