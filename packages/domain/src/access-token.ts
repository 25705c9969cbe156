import type { Brand } from './brand.js';
import type { UserId } from './names.js';
import { parseText } from './text-rules.js';

/** The service's own name of an access token; says nothing of its text. */
export type TokenId = Brand<string, 'TokenId'>;
/** What is kept of a token or session text: HMAC-SHA-256 under `auth.accessToken.secret`, base64url. It is also how it is found. */
export type BearerMac = Brand<string, 'BearerMac'>;

/** What a user calls the API with. Its text is shown once, to its user, and kept nowhere. */
export interface AccessToken {
  readonly id: TokenId;
  readonly userId: UserId;
  /** What its user calls it; null for one that was fetched and not made. */
  readonly name: string | null;
  readonly mac: BearerMac;
  /** Milliseconds since 1970, UTC; so are all times here. */
  readonly createdAt: number;
  readonly expiresAt: number;
  /** To the minute; null: never. */
  readonly lastUsedAt: number | null;
}

export const MAX_TOKEN_NAME_LENGTH = 128;

/** What its user calls a token. @throws field_invalid */
export function parseTokenName(given: string): string {
  return parseText('name', given, MAX_TOKEN_NAME_LENGTH);
}

/** Tokens, sessions and credentials are good until the millisecond they expire in; null: for ever. */
export function isExpired(held: { readonly expiresAt: number | null }, now: number): boolean {
  return held.expiresAt !== null && held.expiresAt <= now;
}
