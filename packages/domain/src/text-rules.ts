import { fieldInvalid } from './errors.js';

/** The WHATWG parser that every JavaScript runtime has and the language's own types leave out. */
declare const URL: { canParse(text: string): boolean };

export const MAX_DESCRIPTION_LENGTH = 1024;
export const MAX_URL_LENGTH = 2048;
const TIME_PATTERN = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d)$/;

/** A free text as it was sent; characters are Unicode code points. */
export function parseText(field: string, given: string, max: number): string {
  if (given.includes('\0') || /\p{Surrogate}/u.test(given)) throw fieldInvalid(field, 'not_plain_text');
  if ([...given].length > max) throw fieldInvalid(field, 'too_long', { max });
  return given;
}

/** A time in ISO 8601 with its offset, as milliseconds since 1970. @param rule what is broken by any other text */
export function parseTime(field: string, given: string, rule: 'not_time' | 'not_expiry' = 'not_time'): number {
  const [, day] = TIME_PATTERN.exec(given) ?? [];
  const time = day !== undefined && isDay(day) ? Date.parse(given) : NaN;
  if (Number.isNaN(time)) throw fieldInvalid(field, rule);
  return time;
}

/** Of 31 February `Date.parse` makes 3 March. */
function isDay(text: string): boolean {
  const midnight = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(text);
}

/** An absolute http(s) address, returned as it was sent: clients compare it with what they registered. */
export function parseWebAddress(field: string, given: string): string {
  if (!isWebAddress(parseText(field, given, MAX_URL_LENGTH))) throw fieldInvalid(field, 'not_web_address');
  return given;
}

/** Where users are sent back to: as a web address, and without a fragment (RFC 6749, 3.1.2). */
export function parseRedirectUri(given: string): string {
  if (!isWebAddress(parseText('redirectUri', given, MAX_URL_LENGTH)) || given.includes('#'))
    throw fieldInvalid('redirectUri', 'not_redirect_uri');
  return given;
}

/** A picture's address: absolute, or relative to the homepage. What a browser would run (`javascript:`, `data:`) is refused. */
export function parsePictureAddress(given: string): string {
  const text = parseText('avatarUrl', given, MAX_URL_LENGTH);
  const relative = !/^[a-z][a-z0-9+.-]*:/i.test(text);
  if (!isWebAddress(relative ? resolve(text) : text)) throw fieldInvalid('avatarUrl', 'not_picture_address');
  return given;
}

function isWebAddress(text: string): boolean {
  // Browsers drop blanks and control characters inside an address and read `\` as `/`: none belongs into a stored one.
  if (/[\s\p{Cc}\\]/u.test(text)) return false;
  // Browsers also skip further slashes before the host, where others read an empty host; `@` would hide the host.
  return /^https?:\/\/[^/?#@]+([/?#]|$)/i.test(text) && URL.canParse(text);
}

function resolve(path: string): string {
  return path.startsWith('//') ? `http:${path}` : `http://homepage/${path}`;
}
