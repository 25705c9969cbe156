import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
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

  it.each(['password1', 'PassWord1', 'qwertyuiop', 'iloveyou1', 'Claviger'])(
    'calls %s common: guessers try it first',
    async (password) => {
      expect(await passwords.isCommon(password)).toBe(true);
    },
  );

  it('calls no password common that nobody has seen', async () => {
    for (const password of [passwords.generate(), 'correct horse battery staple', 'constructor', '__proto__'])
      expect(await passwords.isCommon(password)).toBe(false);
  });

  it('leaves threads for others, however many passwords there are to verify', async () => {
    const hash = await passwords.hash('correct horse');
    let done = 0;
    const all = Array.from({ length: 16 }, async () => {
      const matches = await passwords.verify('correct horse', hash);
      done += 1;
      return matches;
    });
    await setImmediate();
    // Node reads files on the threads that also hash passwords.
    await readFile(fileURLToPath(import.meta.url));
    expect(done).toBeLessThanOrEqual(2);
    expect(await Promise.all(all)).toEqual(Array(16).fill(true));
  });
});
