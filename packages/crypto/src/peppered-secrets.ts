import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import {
  ACCESS_KEY_BODY_LENGTH,
  accessKeyFrom,
  SECRET_BODY_LENGTH,
  secretKeyFrom,
  type SealedSecret,
  type Secrets,
} from '@claviger/domain';
import { pepperIdOf, pepperKeyOf } from './peppers.js';
import { randomText } from './random-text.js';
import { isSeen, see, type SeenText } from './seen-text.js';

export interface PepperedSecrets extends Secrets {
  /** The names of the peppers at hand, the one that new secrets are sealed with first. They tell nothing of the peppers. */
  readonly pepperIds: readonly string[];
}

/** Seals secrets with HMAC-SHA-256. @param peppers newest first, at least one; the older ones still open what they sealed */
export function pepperedSecrets(peppers: readonly string[]): PepperedSecrets {
  const byId = new Map(peppers.map(pepperKeyOf).map((pepper) => [pepperIdOf(pepper), pepper]));
  const [newest] = byId;
  if (!newest) throw new Error('at least one pepper is needed');
  const [newestId, newestPepper] = newest;
  /** The secret that was last seen to match: whoever calls again and again costs a fraction. */
  const matched = new WeakMap<SealedSecret, SeenText>();
  const decoy = mac(newestPepper, randomText(SECRET_BODY_LENGTH));

  return {
    pepperIds: [...byId.keys()],
    newKey() {
      const accessKey = accessKeyFrom(randomText(ACCESS_KEY_BODY_LENGTH));
      const secretKey = secretKeyFrom(randomText(SECRET_BODY_LENGTH));
      const sealedSecret: SealedSecret = {
        pepperId: newestId,
        mac: mac(newestPepper, secretKey).toString('base64url'),
      };
      return { accessKey, secretKey, sealedSecret };
    },
    matches(secretKey, sealed) {
      const seen = sealed ? matched.get(sealed) : undefined;
      if (seen && isSeen(secretKey, seen)) return true;
      const pepper = sealed ? byId.get(sealed.pepperId) : undefined;
      const expected = sealed && pepper ? Buffer.from(sealed.mac, 'base64url') : decoy;
      const actual = mac(pepper ?? newestPepper, secretKey);
      const matches = expected.length === actual.length && timingSafeEqual(actual, expected);
      const proven = matches ? see(secretKey) : null;
      if (sealed && proven) matched.set(sealed, proven);
      return matches;
    },
  };
}

function mac(pepper: KeyObject, secret: string): Buffer {
  return createHmac('sha256', pepper).update(secret).digest();
}
