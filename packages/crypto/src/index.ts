export { argon2Passwords } from './argon2-passwords.js';
export { boxedSecrets } from './boxed-secrets.js';
export { hmacBearerSecrets, type HmacBearerSecrets } from './hmac-bearer-secrets.js';
export { pepperedSecrets, type PepperedSecrets } from './peppered-secrets.js';
export { randomText } from './random-text.js';
export { rsaKeyMaker } from './rsa-key-maker.js';
export { systemClock } from './system-clock.js';
export { systemDigest } from './system-digest.js';
export { systemIds } from './system-ids.js';
