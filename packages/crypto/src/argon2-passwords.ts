import type { PasswordHash, Passwords } from '@claviger/domain';
import { randomText } from './random-text.js';

const GENERATED_LENGTH = 20;

/** argon2id with the library's defaults: 19 MiB, 2 passes, 1 lane (OWASP Password Storage Cheat Sheet). */
export function argon2Passwords(): Passwords {
  // The native library is loaded by those who need it: most commands and most calls never see a password.
  const argon2 = () => import('@node-rs/argon2');
  let decoy: Promise<string> | undefined;
  const decoyHash = async () => (decoy ??= (await argon2()).hash(randomText(GENERATED_LENGTH)));

  return {
    generate: () => randomText(GENERATED_LENGTH),
    hash: async (password) => (await (await argon2()).hash(password)) as PasswordHash,
    async verify(password, hash) {
      const matches = await (await argon2()).verify(hash ?? (await decoyHash()), password);
      return matches && hash !== null;
    },
  };
}
