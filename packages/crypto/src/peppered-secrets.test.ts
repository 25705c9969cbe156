import { parseAccessKey, parseSecretKey, secretKeyFrom } from '@claviger/domain';
import { describe, expect, it } from '@jest/globals';
import { pepperedSecrets } from './peppered-secrets.js';

const OLD = 'an old pepper of some length';
const NEW = 'a new pepper of some length';

describe('peppered secrets', () => {
  it('makes key pairs that their parsers accept, never the same twice', () => {
    const secrets = pepperedSecrets([NEW]);
    const keys = Array.from({ length: 50 }, () => secrets.newKey());
    for (const key of keys) {
      expect(parseAccessKey(key.accessKey)).toBe(key.accessKey);
      expect(parseSecretKey(key.secretKey)).toBe(key.secretKey);
    }
    expect(new Set(keys.flatMap((key) => [key.accessKey, key.secretKey])).size).toBe(100);
  });

  it('knows a secret again by what was kept of it, and no other secret', () => {
    const secrets = pepperedSecrets([NEW]);
    const [mine, other] = [secrets.newKey(), secrets.newKey()];
    expect(secrets.matches(mine.secretKey, mine.sealedSecret)).toBe(true);
    expect(secrets.matches(other.secretKey, mine.sealedSecret)).toBe(false);
    // Also after it was seen to match.
    expect(secrets.matches(mine.secretKey, mine.sealedSecret)).toBe(true);
    expect(secrets.matches(other.secretKey, mine.sealedSecret)).toBe(false);
    expect(secrets.matches(mine.secretKey, other.sealedSecret)).toBe(false);
    expect(secrets.matches(mine.secretKey, null)).toBe(false);
  });

  it('keeps nothing that shows the secret or the pepper', () => {
    const key = pepperedSecrets([NEW]).newKey();
    const kept = JSON.stringify(key.sealedSecret);
    expect(kept).not.toContain(key.secretKey.slice(4, 12));
    expect(kept).not.toContain(NEW);
  });

  it('still opens what an older pepper sealed, and seals with the newest', () => {
    const before = pepperedSecrets([OLD]).newKey();
    const rotated = pepperedSecrets([NEW, OLD]);
    expect(rotated.matches(before.secretKey, before.sealedSecret)).toBe(true);
    expect(rotated.newKey().sealedSecret.pepperId).toBe(rotated.pepperIds[0]);
    expect(rotated.pepperIds).toHaveLength(2);
  });

  it('refuses what a pepper sealed that is no longer at hand', () => {
    const before = pepperedSecrets([OLD]).newKey();
    expect(pepperedSecrets([NEW]).matches(before.secretKey, before.sealedSecret)).toBe(false);
  });

  it('refuses every secret for an unknown key', () => {
    const secrets = pepperedSecrets([NEW]);
    expect(secrets.matches(secretKeyFrom('A'.repeat(43)), null)).toBe(false);
  });
});
