import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const [IV, TAG] = [12, 16];

/** Under the very id that finds it: payloads repeat tokens and cookies, which so are in no database. */
export function seal(kind: string, id: string, payload: object): string {
  const iv = randomBytes(IV);
  const cipher = createCipheriv('aes-256-gcm', keyFor(kind, id), iv);
  const box = Buffer.concat([cipher.update(JSON.stringify(payload), 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), box]).toString('base64url');
}

export function unseal(kind: string, id: string, sealed: string): Record<string, unknown> {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyFor(kind, id), bytes.subarray(0, IV));
  decipher.setAuthTag(bytes.subarray(IV, IV + TAG));
  const text = Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]).toString('utf8');
  return JSON.parse(text) as Record<string, unknown>;
}

function keyFor(kind: string, id: string): Buffer {
  return Buffer.from(hkdfSync('sha256', id, '', `claviger oauth ${kind}`, 32));
}
