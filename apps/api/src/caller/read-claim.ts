import type { IncomingMessage } from 'node:http';
import type { PlatformClaim } from '@claviger/application';
import { fieldInvalid, parseUserId, PlatformError, type UserId } from '@claviger/domain';

/** How a request says who it comes from; nothing of it is believed yet. */
export type Claim =
  | { readonly scheme: 'none' }
  | ({ readonly scheme: 'platform' } & PlatformClaim)
  /** A scheme that this service does not serve, or one of ours in a form that cannot be read. */
  | { readonly scheme: 'unknown' };

const USER_HEADERS = ['X-BKREPO-UID', 'X-DEVOPS-UID'];
const NONE: Claim = { scheme: 'none' };
const UNKNOWN: Claim = { scheme: 'unknown' };

/**
 * Reads the syntax of every scheme and the meaning of none.
 * @throws authentications_conflict, user_headers_conflict, field_invalid
 */
export function readClaim(request: IncomingMessage): Claim {
  const authorizations = valuesOf(request, 'authorization');
  const tokens = tokensIn(request.url ?? '');
  if (authorizations.length + tokens > 1) throw new PlatformError('authentications_conflict');
  const [authorization] = authorizations;
  if (authorization === undefined) return tokens === 0 ? NONE : UNKNOWN;
  const [, scheme = '', given = ''] = /^([^ ]+) +([^ ]+) *$/.exec(authorization) ?? [];
  return scheme.toLowerCase() === 'platform' ? readPlatform(given, readUserId(request)) : UNKNOWN;
}

/** base64(accessKey:secretKey) */
function readPlatform(given: string, userId: UserId | null): Claim {
  const pair = Buffer.from(given, 'base64').toString('latin1');
  const colon = pair.indexOf(':');
  if (colon < 0) return UNKNOWN;
  return { scheme: 'platform', accessKey: pair.slice(0, colon), secretKey: pair.slice(colon + 1), userId };
}

/** The user whom the request is made for; both dialects' headers may name them, if they agree. */
function readUserId(request: IncomingMessage): UserId | null {
  let named: UserId | null = null;
  for (const header of USER_HEADERS) {
    const [given, ...more] = valuesOf(request, header);
    if (given === undefined) continue;
    if (more.length > 0) throw fieldInvalid(header, 'repeated');
    const userId = parseUserId(given, header);
    if (named !== null && named !== userId) throw new PlatformError('user_headers_conflict');
    named = userId;
  }
  return named;
}

/** Every value that was sent: Node drops some doubled headers and joins others, and either would hide the second. */
function valuesOf(request: IncomingMessage, header: string): string[] {
  const name = header.toLowerCase();
  if (request.headers[name] === undefined) return [];
  const values: string[] = [];
  const raw = request.rawHeaders;
  for (let i = 0; i < raw.length; i += 2) {
    if (raw[i]?.toLowerCase() === name) values.push(raw[i + 1] ?? '');
  }
  return values;
}

/** How many access tokens the URL carries; counted, so that one beside another scheme is refused. */
function tokensIn(url: string): number {
  const query = url.indexOf('?');
  if (query < 0) return 0;
  return new URLSearchParams(url.slice(query)).getAll('access_token').length;
}
