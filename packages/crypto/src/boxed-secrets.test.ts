import type { BoxedSecret, PrivateKey, WebhookSecret } from '@claviger/domain';
import { describe, expect, it } from '@jest/globals';
import { boxedSecrets } from './boxed-secrets.js';
import { pepperedSecrets } from './peppered-secrets.js';

const OLD = 'an old pepper of some length';
const NEW = 'a new pepper of some length';

/** The box with one bit of its byte at that place turned. */
function bent({ box, ...rest }: BoxedSecret, place: number): BoxedSecret {
  const bytes = Buffer.from(box, 'base64url');
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place);
  return { ...rest, box: bytes.toString('base64url') };
}

describe('boxed secrets', () => {
  const vault = boxedSecrets([NEW]);

  it('makes secrets as the Standard Webhooks specification writes them, never the same twice', () => {
    const secrets = Array.from({ length: 50 }, () => vault.newWebhookSecret().secret);
    for (const secret of secrets) {
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      expect(Buffer.from(secret.slice('whsec_'.length), 'base64')).toHaveLength(32);
    }
    expect(new Set(secrets).size).toBe(50);
  });

  it('opens what it boxed, in another process with the same pepper too', () => {
    const { secret, boxed } = vault.newWebhookSecret();
    expect(vault.open('webhook', boxed)).toBe(secret);
    expect(boxedSecrets([NEW]).open('webhook', boxed)).toBe(secret);
  });

  it('still opens what an older pepper boxed, and boxes under the newest', () => {
    const before = boxedSecrets([OLD]).newWebhookSecret();
    const rotated = boxedSecrets([NEW, OLD]);
    expect(rotated.open('webhook', before.boxed)).toBe(before.secret);
    expect(vault.open('webhook', rotated.box('webhook', before.secret))).toBe(before.secret);
  });

  it('names its keys as the peppers are named, so that one look tells which peppers are needed', () => {
    const keyIds = [NEW, OLD].map((pepper) => boxedSecrets([pepper]).newWebhookSecret().boxed.keyId);
    expect(keyIds).toEqual(pepperedSecrets([NEW, OLD]).pepperIds);
  });

  it('refuses what was boxed under a pepper that is not at hand, and says nothing of it', () => {
    const { boxed, secret } = boxedSecrets([OLD]).newWebhookSecret();
    expect(() => vault.open('webhook', boxed)).toThrow('boxed under a pepper that is not at hand');
    expect(errorTextOf(() => vault.open('webhook', boxed))).not.toContain(secret.slice(6, 14));
  });

  it('refuses a box that was changed anywhere, and says nothing of what is in it', () => {
    const { boxed, secret } = vault.newWebhookSecret();
    const length = Buffer.from(boxed.box, 'base64url').length;
    for (let place = 0; place < length; place++) {
      const text = errorTextOf(() => vault.open('webhook', bent(boxed, place)));
      expect(text).toContain('changed in its box');
      expect(text).not.toContain(secret.slice(6, 14));
    }
    for (const box of ['', 'AAAA', boxed.box.slice(0, -4), `${boxed.box}AAAA`])
      expect(() => vault.open('webhook', { ...boxed, box })).toThrow('changed in its box');
  });

  it('takes no box for one of another key', () => {
    const both = boxedSecrets([NEW, OLD]);
    const [{ keyId }, { boxed }] = [boxedSecrets([OLD]).newWebhookSecret().boxed, vault.newWebhookSecret()];
    expect(() => both.open('webhook', { ...boxed, keyId })).toThrow('changed in its box');
  });

  it('opens for no purpose but its own, under another fingerprint for each', () => {
    const { boxed, secret } = vault.newWebhookSecret();
    expect(() => vault.open('signing key', boxed)).toThrow('The secret of a signing key was changed in its box');
    const other = vault.box('signing key', String(secret) as PrivateKey);
    expect(vault.open('signing key', other)).toBe(secret);
    expect(() => vault.open('webhook', other)).toThrow('changed in its box');
    expect(other.fingerprint).not.toBe(boxed.fingerprint);
  });

  it('opens a box that an earlier version made', () => {
    const made = {
      keyId: 'FCGWEpEKdoGK',
      box: 'RX-hI4BSJWAZqzS16sD8L9uB2MfwfzRjkTmyqnNDJMnvdhmyzOqMWSWsPsqigBjGsoJouX__oFLm-n2dJ-xqdXKC4Rm6BGtBsFc7e8t7',
      fingerprint: 'MtXJ_gz6',
    };
    expect(vault.open('webhook', made)).toBe(
      `whsec_${Buffer.from('a secret of an earlier version!!').toString('base64')}`,
    );
  });

  it('makes another box of the same secret each time, under the same fingerprint', () => {
    const { secret, boxed } = vault.newWebhookSecret();
    const again = vault.box('webhook', secret);
    expect(again.box).not.toBe(boxed.box);
    // The nonces differ, and not only what follows them.
    expect(again.box.slice(0, 16)).not.toBe(boxed.box.slice(0, 16));
    expect(again.fingerprint).toBe(boxed.fingerprint);
    expect(vault.newWebhookSecret().boxed.fingerprint).not.toBe(boxed.fingerprint);
  });

  it('keeps nothing that shows the secret or the pepper', () => {
    const secret = `whsec_${Buffer.from('thirty-two bytes of some secret.').toString('base64')}` as WebhookSecret;
    const boxed = vault.box('webhook', secret);
    const kept = JSON.stringify([boxed, vault]);
    for (const shown of [secret.slice(6, 14), 'thirty-two', NEW]) expect(kept).not.toContain(shown);
    for (const character of [0, 4]) expect(secret).not.toContain(boxed.fingerprint.slice(character, character + 4));
    // Whoever knows the secret, but not the pepper, cannot tell whose fingerprint it is.
    expect(boxedSecrets([OLD]).box('webhook', secret).fingerprint).not.toBe(boxed.fingerprint);
  });

  it('needs a pepper', () => {
    expect(() => boxedSecrets([])).toThrow('at least one pepper');
  });
});

function errorTextOf(verb: () => unknown): string {
  try {
    verb();
  } catch (error) {
    return error instanceof Error ? `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}` : String(error);
  }
  return '';
}
