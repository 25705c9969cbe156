import type { BoxedSecret } from './boxed-secret.js';
import type { PrivateKey } from './signing-key.js';
import type { WebhookSecret } from './webhook.js';

/** What secrets are boxed for, and what such a secret is. */
export interface Boxable {
  readonly webhook: WebhookSecret;
  readonly 'signing key': PrivateKey;
}
export type BoxPurpose = keyof Boxable;

/** Keeps secrets that have to be had back. What was boxed for one purpose opens for no other. */
export interface Vault {
  box<Purpose extends BoxPurpose>(purpose: Purpose, secret: Boxable[Purpose]): BoxedSecret;
  /** @throws an error that is our fault, for one that was boxed under a key that is not at hand */
  open<Purpose extends BoxPurpose>(purpose: Purpose, boxed: BoxedSecret): Boxable[Purpose];
  /** From a secure source of randomness, and what is kept of it. */
  newWebhookSecret(): { readonly secret: WebhookSecret; readonly boxed: BoxedSecret };
}
