import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import type { Boxable, BoxedSecret, BoxPurpose, Vault, WebhookSecret } from '@claviger/domain';
import { pepperIdOf, pepperKeyOf } from './peppers.js';

const CIPHER = 'aes-256-gcm';
const [KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH] = [32, 12, 16];
/** Sets the keys of each purpose apart from whatever else is made of a pepper; another text makes every box unreadable. */
const PURPOSES = {
  webhook: 'claviger: secrets of webhooks',
  'signing key': 'claviger: keys that sign',
} as const satisfies Record<BoxPurpose, string>;

/** What one pepper gives for one purpose. */
interface Keys {
  readonly id: string;
  readonly boxing: Buffer;
  readonly naming: Buffer;
}

/**
 * Boxes secrets with AES-256-GCM under keys that are derived from the peppers (HKDF-SHA-256, RFC 5869).
 * @param peppers newest first, at least one; the older ones still open what they boxed
 */
export function boxedSecrets(peppers: readonly string[]): Vault {
  const [newest, ...older] = peppers.map(pepperKeyOf);
  if (!newest) throw new Error('at least one pepper is needed');
  const keysFor = (purpose: BoxPurpose): readonly [Keys, ...Keys[]] => [
    keysOf(newest, purpose),
    ...older.map((pepper) => keysOf(pepper, purpose)),
  ];
  const held = { webhook: keysFor('webhook'), 'signing key': keysFor('signing key') };

  const box: Vault['box'] = (purpose, secret) => boxUnder(held[purpose][0], secret);
  return {
    box,
    open: (purpose, boxed) => {
      const keys = held[purpose].find(({ id }) => id === boxed.keyId);
      if (!keys) throw new Error(`The secret of a ${purpose} was boxed under a pepper that is not at hand.`);
      return openWith(keys, purpose, boxed);
    },
    newWebhookSecret: () => {
      const secret = `whsec_${randomBytes(32).toString('base64')}` as WebhookSecret;
      return { secret, boxed: box('webhook', secret) };
    },
  };
}

function keysOf(pepper: KeyObject, purpose: BoxPurpose): Keys {
  const derived = Buffer.from(hkdfSync('sha256', pepper, '', PURPOSES[purpose], 2 * KEY_LENGTH));
  return { id: pepperIdOf(pepper), boxing: derived.subarray(0, KEY_LENGTH), naming: derived.subarray(KEY_LENGTH) };
}

/** The nonce, what is encrypted, and the tag. */
function boxUnder({ id, boxing, naming }: Keys, secret: string): BoxedSecret {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, boxing, nonce, { authTagLength: TAG_LENGTH });
  const box = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const fingerprint = createHmac('sha256', naming).update(secret).digest('base64url').slice(0, 8);
  return { keyId: id, box: box.toString('base64url'), fingerprint };
}

function openWith<Purpose extends BoxPurpose>(
  { boxing }: Keys,
  purpose: Purpose,
  { box }: BoxedSecret,
): Boxable[Purpose] {
  const bytes = Buffer.from(box, 'base64url');
  try {
    const decipher = createDecipheriv(CIPHER, boxing, bytes.subarray(0, NONCE_LENGTH), { authTagLength: TAG_LENGTH });
    decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
    const secret = decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH), undefined, 'utf8');
    return (secret + decipher.final('utf8')) as Boxable[Purpose];
  } catch {
    // Without the cause: what fails here is too near to a secret to be told.
    throw new Error(`The secret of a ${purpose} was changed in its box.`);
  }
}
