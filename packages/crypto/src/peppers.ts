import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** Node takes a key made once for faster than a text. */
export function pepperKeyOf(pepper: string): KeyObject {
  return createSecretKey(pepper, 'utf8');
}

/** A pepper's name, which tells nothing of it. Whatever was made under a pepper is kept with its name. */
export function pepperIdOf(pepper: KeyObject): string {
  return createHmac('sha256', pepper).update('claviger: name of this pepper').digest('base64url').slice(0, 12);
}
