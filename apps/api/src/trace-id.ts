import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** W3C Trace Context: version, trace id, parent id, flags. All zeros and version ff are no traces. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(-.*)?$/;

/** The trace that the request belongs to, or a new one: 32 hex digits that lead from an answer to its log line. */
export function traceIdOf(request: { readonly headers: IncomingHttpHeaders }): string {
  const given = request.headers['traceparent'];
  return (typeof given === 'string' ? TRACEPARENT.exec(given)?.[1] : undefined) ?? newTraceId();
}

export function newTraceId(): string {
  if (used === pool.length) [pool, used] = [randomBytes(POOL).toString('hex'), 0];
  return pool.slice(used, (used += DIGITS));
}

const DIGITS = 32;
/** Bytes of randomness for 256: every request takes some. */
const POOL = (DIGITS / 2) * 256;
let pool = '';
let used = 0;
