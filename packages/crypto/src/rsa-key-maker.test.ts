import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { rsaKeyMaker } from './rsa-key-maker.js';

test('a signing key signs, has 2048 bits, and is named by the thumbprint of its public half', async () => {
  const { id, privateKey } = await rsaKeyMaker.newSigningKey();
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64url'), format: 'der', type: 'pkcs8' });
  expect([key.asymmetricKeyType, key.asymmetricKeyDetails?.modulusLength]).toEqual(['rsa', 2048]);
  const text = Buffer.from('an ID token');
  expect(verify('sha256', text, createPublicKey(key), sign('sha256', text, key))).toBe(true);
  expect(id).toMatch(/^[\w-]{43}$/);
  expect(JSON.stringify(createPublicKey(key).export({ format: 'jwk' }))).not.toContain(id);
});

test('other things go on while one is made, and no two are the same', async () => {
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 1);
  const made = await Promise.all([rsaKeyMaker.newSigningKey(), rsaKeyMaker.newSigningKey()]);
  clearInterval(ticking);
  expect(ticks).toBeGreaterThan(3);
  expect(new Set(made.map(({ id }) => id)).size).toBe(2);
});
