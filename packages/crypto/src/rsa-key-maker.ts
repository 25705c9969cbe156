import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyMaker, PrivateKey, SigningKeyId } from '@claviger/domain';

/** The bits of RS256, the algorithm that every OpenID Connect client knows. */
const BITS = 2048;

/** Made by threads of the system: an RSA key takes long enough to be noticed. */
export const rsaKeyMaker: KeyMaker = {
  newSigningKey: async () => {
    const pair = await promisify(generateKeyPair)('rsa', { modulusLength: BITS });
    const { n, e } = pair.publicKey.export({ format: 'jwk' });
    // The thumbprint of the public half, RFC 7638: what is hashed is in this order.
    const thumbprint = createHash('sha256').update(JSON.stringify({ e, kty: 'RSA', n }));
    return {
      id: thumbprint.digest('base64url') as SigningKeyId,
      privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64url') as PrivateKey,
    };
  },
};
