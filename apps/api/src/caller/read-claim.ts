import type { IncomingMessage } from 'node:http';
import type { Claim } from '@claviger/application';
import { fieldInvalid, parseUserId, PlatformError, type UserId } from '@claviger/domain';
import { sessionsIn } from './session-cookie.js';
import { tokensIn } from './token-parameter.js';

/** How a request says who it comes from; nothing of it is believed yet. */
export type Presented =
  | Exclude<Claim, { scheme: 'header' }>
  | { readonly scheme: 'none' }
  /** A scheme that this service does not serve, or one of ours in a form that cannot be read. */
  | { readonly scheme: 'unknown' };

/** As they are told to callers, and as Node names them. */
const USER_HEADERS = [
  ['X-BKREPO-UID', 'x-bkrepo-uid'],
  ['X-DEVOPS-UID', 'x-devops-uid'],
] as const;
const AUTHORIZATION = /^([^ ]+) +([^ ]+) *$/;
const NONE: readonly string[] = [];
const NOTHING: Presented = { scheme: 'none' };
const UNKNOWN: Presented = { scheme: 'unknown' };

/**
 * Reads the syntax of every scheme and the meaning of none.
 * @param cookie the name of the session's cookie; null where sessions count for nothing
 * @throws authentications_conflict, user_headers_conflict, field_invalid
 */
export function readClaim(request: IncomingMessage, cookie: string | null): Presented {
  const authorizations = valuesOf(request, 'authorization');
  const tokens = tokensIn(request.url ?? '');
  const sessions = cookie === null ? NONE : sessionsIn(request.headers.cookie, cookie);
  if (authorizations.length + tokens.length + sessions.length > 1) throw new PlatformError('authentications_conflict');
  const [authorization, token, session] = [authorizations[0], tokens[0], sessions[0]];
  if (authorization !== undefined) return readAuthorization(request, authorization);
  if (token !== undefined) return { scheme: 'token', token, userId: readUserId(request), inAddress: true };
  if (session !== undefined) return { scheme: 'session', session, userId: readUserId(request) };
  return NOTHING;
}

function readAuthorization(request: IncomingMessage, authorization: string): Presented {
  const match = AUTHORIZATION.exec(authorization);
  const given = match?.[2] ?? '';
  switch (match?.[1]?.toLowerCase() ?? '') {
    case 'platform': {
      const pair = halvesOf(given, 'latin1');
      if (!pair) return UNKNOWN;
      return { scheme: 'platform', accessKey: pair[0], secretKey: pair[1], userId: readUserId(request) };
    }
    case 'bearer':
      return { scheme: 'token', token: given, userId: readUserId(request) };
    case 'basic': {
      const pair = halvesOf(given, 'utf8');
      if (!pair) return UNKNOWN;
      return { scheme: 'password', userId: pair[0], password: pair[1], named: readUserId(request) };
    }
    default:
      return UNKNOWN;
  }
}

/** base64(name:secret) */
function halvesOf(given: string, encoding: 'latin1' | 'utf8'): [string, string] | null {
  const pair = Buffer.from(given, 'base64').toString(encoding);
  const colon = pair.indexOf(':');
  return colon < 0 ? null : [pair.slice(0, colon), pair.slice(colon + 1)];
}

/**
 * The user whom the request is made for; both dialects' headers may name them, if they agree.
 * @throws user_headers_conflict, field_invalid
 */
export function readUserId(request: IncomingMessage): UserId | null {
  let named: UserId | null = null;
  for (const [header, name] of USER_HEADERS) {
    if (request.headers[name] === undefined) continue;
    const [given = '', ...more] = valuesOf(request, name);
    if (more.length > 0) throw fieldInvalid(header, 'repeated');
    const userId = parseUserId(given, header);
    if (named !== null && named !== userId) throw new PlatformError('user_headers_conflict');
    named = userId;
  }
  return named;
}

/** Every value that was sent: Node drops some doubled headers and joins others, and either would hide the second. */
function valuesOf(request: IncomingMessage, name: string): readonly string[] {
  if (request.headers[name] === undefined) return NONE;
  const values: string[] = [];
  const raw = request.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.length === name.length && raw[i]?.toLowerCase() === name) values.push(raw[i + 1] ?? '');
  }
  return values;
}
