import { createHmac, createSecretKey } from 'node:crypto';
import { accessTokenFrom, SECRET_BODY_LENGTH, type BearerMac, type BearerSecrets } from '@claviger/domain';
import { LRUCache } from 'lru-cache';
import { randomText } from './random-text.js';
import { isSeen, see, type SeenText } from './seen-text.js';

/** What a text is for is part of its mac, so that no token is ever found as a session or the other way round. */
type Purpose = 'access token' | 'session';

/** Some MB. */
const MOST = 10_000;
/** Characters that tell texts apart, and leave more than enough to guess. */
const TELLING = 12;

interface Made {
  readonly text: SeenText;
  readonly mac: BearerMac;
}

export interface HmacBearerSecrets extends BearerSecrets {
  /** A name of the secret that tells nothing of it. */
  readonly secretId: string;
}

/** Keeps HMAC-SHA-256 under one secret: whoever reads the database cannot make a text, and another secret makes every text unknown. */
export function hmacBearerSecrets(secret: string): HmacBearerSecrets {
  const key = createSecretKey(secret, 'utf8');
  const makeMac = (purpose: Purpose, text: string) =>
    createHmac('sha256', key).update(`claviger ${purpose}: ${text}`).digest('base64url') as BearerMac;
  /** By how the text begins: whoever calls again and again costs a fraction. */
  const made: Readonly<Record<Purpose, LRUCache<string, Made>>> = {
    'access token': new LRUCache({ max: MOST }),
    session: new LRUCache({ max: MOST }),
  };
  const macOf = (purpose: Purpose, text: string) => {
    const beginning = text.slice(0, TELLING);
    const known = made[purpose].get(beginning);
    if (known && isSeen(text, known.text)) return known.mac;
    const [mac, seen] = [makeMac(purpose, text), see(text)];
    if (seen) made[purpose].set(beginning, { text: seen, mac });
    return mac;
  };

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
