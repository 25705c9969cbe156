import type { Brand } from './brand.js';

/** The public half of a credential: `cak_`, 24 random characters, 6 check characters. */
export type AccessKey = Brand<string, 'AccessKey'>;
/** The secret half of a credential: `csk_`, 43 random characters, 6 check characters. */
export type SecretKey = Brand<string, 'SecretKey'>;
/** What a user calls the API with: `cat_`, 43 random characters, 6 check characters. */
export type AccessTokenText = Brand<string, 'AccessTokenText'>;

export const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
export const ACCESS_KEY_BODY_LENGTH = 24;
export const SECRET_BODY_LENGTH = 43;
const CHECK_LENGTH = 6;

export const ACCESS_KEY_PATTERN = /^cak_[0-9A-Za-z]{30}$/;
export const SECRET_KEY_PATTERN = /^csk_[0-9A-Za-z]{49}$/;
export const ACCESS_TOKEN_PATTERN = /^cat_[0-9A-Za-z]{49}$/;

/** @param body 24 random characters of {@link BASE62}. */
export const accessKeyFrom = (body: string): AccessKey => withCheck(`cak_${body}`) as AccessKey;
/** @param body 43 random characters of {@link BASE62}. */
export const secretKeyFrom = (body: string): SecretKey => withCheck(`csk_${body}`) as SecretKey;
/** @param body 43 random characters of {@link BASE62}. */
export const accessTokenFrom = (body: string): AccessTokenText => withCheck(`cat_${body}`) as AccessTokenText;

/** Null when the text cannot be an access key: wrong form or wrong check characters. Needs no lookup. */
export const parseAccessKey = (text: string): AccessKey | null =>
  parseKey(ACCESS_KEY_PATTERN, text) as AccessKey | null;
/** Null when the text cannot be a secret key. */
export const parseSecretKey = (text: string): SecretKey | null =>
  parseKey(SECRET_KEY_PATTERN, text) as SecretKey | null;
/** Null when the text cannot be an access token. */
export const parseAccessToken = (text: string): AccessTokenText | null =>
  parseKey(ACCESS_TOKEN_PATTERN, text) as AccessTokenText | null;

/**
 * The 6 check characters: CRC-32 (IEEE) of prefix and body in base62, padded with `0`. They guard no secret; they let
 * a scanner tell a leaked key from noise without asking us.
 */
export function checkCharacters(text: string): string {
  let rest = crc32(text);
  let digits = '';
  for (let i = 0; i < CHECK_LENGTH; i++) {
    digits = BASE62.charAt(rest % 62) + digits;
    rest = Math.floor(rest / 62);
  }
  return digits;
}

function withCheck(text: string): string {
  return text + checkCharacters(text);
}

/** The check is read and not written anew: that is less to do, and every request waits for it. */
function parseKey(pattern: RegExp, text: string): string | null {
  if (!pattern.test(text)) return null;
  const end = text.length - CHECK_LENGTH;
  let told = 0;
  for (let i = end; i < text.length; i++) told = told * 62 + (DIGITS[text.charCodeAt(i)] ?? 0);
  return told === crc32(text, end) ? text : null;
}

/** The value of each character of {@link BASE62}, by its code. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => Math.max(0, BASE62.indexOf(String.fromCharCode(code))));

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32 (IEEE 802.3) of an ASCII text, up to there. */
function crc32(text: string, end = text.length): number {
  let crc = 0xffffffff;
  for (let i = 0; i < end; i++) crc = (CRC_TABLE[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
