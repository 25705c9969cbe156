import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import type { BoxedSecret, Vault, WebhookSecret } from '@claviger/domain';
import { pepperIdOf, pepperKeyOf } from './peppers.js';

export interface BoxedSecrets extends Vault {
  box(secret: WebhookSecret): BoxedSecret;
}

const CIPHER = 'aes-256-gcm';
const [KEY_LENGTH, NONCE_LENGTH, TAG_LENGTH] = [32, 12, 16];
/** Sets these keys apart from whatever else is made of a pepper; another text makes every box unreadable. */
const PURPOSE = 'claviger: secrets of webhooks';

interface Keys {
  readonly id: string;
  readonly boxing: Buffer;
  readonly naming: Buffer;
}

/**
 * Boxes secrets with AES-256-GCM under keys that are derived from the peppers (HKDF-SHA-256, RFC 5869).
 * @param peppers newest first, at least one; the older ones still open what they boxed
 */
export function boxedSecrets(peppers: readonly string[]): BoxedSecrets {
  const byId = new Map(peppers.map((pepper) => keysOf(pepperKeyOf(pepper))).map((keys) => [keys.id, keys]));
  const [newest] = byId.values();
  if (!newest) throw new Error('at least one pepper is needed');
  const box = (secret: WebhookSecret) => boxUnder(newest, secret);

  return {
    box,
    newWebhookSecret: () => {
      const secret = `whsec_${randomBytes(32).toString('base64')}` as WebhookSecret;
      return { secret, boxed: box(secret) };
    },
    open: (boxed) => {
      const keys = byId.get(boxed.keyId);
      if (!keys) throw new Error("A webhook's secret was boxed under a pepper that is not at hand.");
      return openWith(keys, boxed);
    },
  };
}

function keysOf(pepper: KeyObject): Keys {
  const derived = Buffer.from(hkdfSync('sha256', pepper, '', PURPOSE, 2 * KEY_LENGTH));
  return { id: pepperIdOf(pepper), boxing: derived.subarray(0, KEY_LENGTH), naming: derived.subarray(KEY_LENGTH) };
}

/** The nonce, what is encrypted, and the tag. */
function boxUnder({ id, boxing, naming }: Keys, secret: WebhookSecret): BoxedSecret {
  const nonce = randomBytes(NONCE_LENGTH);
  const cipher = createCipheriv(CIPHER, boxing, nonce, { authTagLength: TAG_LENGTH });
  const box = Buffer.concat([nonce, cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const fingerprint = createHmac('sha256', naming).update(secret).digest('base64url').slice(0, 8);
  return { keyId: id, box: box.toString('base64url'), fingerprint };
}

function openWith({ boxing }: Keys, { box }: BoxedSecret): WebhookSecret {
  const bytes = Buffer.from(box, 'base64url');
  try {
    const decipher = createDecipheriv(CIPHER, boxing, bytes.subarray(0, NONCE_LENGTH), { authTagLength: TAG_LENGTH });
    decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
    const secret = decipher.update(bytes.subarray(NONCE_LENGTH, -TAG_LENGTH), undefined, 'utf8');
    return (secret + decipher.final('utf8')) as WebhookSecret;
  } catch {
    // Without the cause: what fails here is too near to a secret to be told.
    throw new Error("A webhook's secret was changed in its box.");
  }
}
