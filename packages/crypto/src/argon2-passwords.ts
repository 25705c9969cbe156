import type { PasswordHash, Passwords } from '@claviger/domain';
import { Semaphore } from 'async-mutex';
import { isCommonPassword } from './common-passwords.js';
import { randomText } from './random-text.js';

const GENERATED_LENGTH = 20;

/**
 * Each takes 19 MiB and one of node's four threads; the other threads stay free for files and name lookups, however
 * many try to log in. Two at a time are about 80 a second.
 */
const AT_ONCE = 2;

/** argon2id with the library's defaults: 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet). */
export function argon2Passwords(): Passwords {
  // The native library is loaded by those who need it: most commands and most calls never see a password.
  const argon2 = () => import('@node-rs/argon2');
  const turns = new Semaphore(AT_ONCE);
  let decoy: Promise<string> | undefined;
  const decoyHash = async () => (decoy ??= (await argon2()).hash(randomText(GENERATED_LENGTH)));

  return {
    generate: () => randomText(GENERATED_LENGTH),
    isCommon: isCommonPassword,
    hash: (password) => turns.runExclusive(async () => (await (await argon2()).hash(password)) as PasswordHash),
    verify: (password, hash) =>
      turns.runExclusive(async () => {
        const matches = await (await argon2()).verify(hash ?? (await decoyHash()), password);
        return matches && hash !== null;
      }),
  };
}
