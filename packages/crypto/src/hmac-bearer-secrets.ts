import { createHmac, createSecretKey } from 'node:crypto';
import { accessTokenFrom, SECRET_BODY_LENGTH, type BearerMac, type BearerSecrets } from '@claviger/domain';
import { randomText } from './random-text.js';

/** What a text is for is part of its mac, so that no token is ever found as a session or the other way round. */
type Purpose = 'access token' | 'session';

export interface HmacBearerSecrets extends BearerSecrets {
  /** A name of the secret that tells nothing of it. */
  readonly secretId: string;
}

/** Keeps HMAC-SHA-256 under one secret: whoever reads the database cannot make a text, and another secret makes every text unknown. */
export function hmacBearerSecrets(secret: string): HmacBearerSecrets {
  const key = createSecretKey(secret, 'utf8');
  const macOf = (purpose: Purpose, text: string) =>
    createHmac('sha256', key).update(`claviger ${purpose}: ${text}`).digest('base64url') as BearerMac;

  return {
    secretId: createHmac('sha256', key).update('claviger: name of this secret').digest('base64url').slice(0, 12),
    newAccessToken() {
      const text = accessTokenFrom(randomText(SECRET_BODY_LENGTH));
      return { text, mac: macOf('access token', text) };
    },
    newSession() {
      const text = randomText(SECRET_BODY_LENGTH);
      return { text, mac: macOf('session', text) };
    },
    macOfAccessToken: (text) => macOf('access token', text),
    macOfSession: (text) => macOf('session', text),
  };
}
