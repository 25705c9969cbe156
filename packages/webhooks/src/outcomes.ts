import type { IncomingMessage } from 'node:http';
import type { Outcome } from '@claviger/domain';

const LONGEST_RETRY_AFTER = 86_400_000;

/** What an answer says by its status and its Retry-After; nothing else of it is looked at. @param now milliseconds since 1970 */
export function outcomeOf(
  { statusCode = 0, headers }: Pick<IncomingMessage, 'statusCode' | 'headers'>,
  now: number,
): Outcome {
  const result = String(statusCode);
  if (statusCode >= 200 && statusCode < 300) return { delivered: true, result };
  const retryAfter = retryAfterOf(headers['retry-after'] ?? '', now);
  return { delivered: false, result, gone: statusCode === 410, retryAfter };
}

export function failed(result: string): Outcome {
  return { delivered: false, result, gone: false, retryAfter: null };
}

/** Our own words for what an attempt died of: an error's text can hold what the receiver wrote. */
export function failureOf(error: Error & { readonly code?: unknown }, protocol: string): Outcome {
  const code = String(error.code);
  if (isOfFilter(error)) return failed('address not allowed');
  if (code.startsWith('HPE_')) return failed('answer malformed');
  return failed(WORDS[code] ?? (protocol === 'https:' ? 'TLS failed' : 'connection failed'));
}

const WORDS: Readonly<Record<string, string | undefined>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection broken',
  EPIPE: 'connection broken',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'address unreachable',
  ENETUNREACH: 'address unreachable',
  EADDRNOTAVAIL: 'address unreachable',
  EACCES: 'address unreachable',
  ENOTFOUND: 'name not found',
  EAI_AGAIN: 'name not found',
  EAI_FAIL: 'name not found',
  ENODATA: 'name not found',
};

/** The library gives its refusals no code. */
function isOfFilter({ message }: Error): boolean {
  return message.startsWith('DNS lookup ') && message.includes(' is not allowed. Because');
}

/** RFC 9110, 10.2.3: seconds, or a date in the form that all servers have to write. */
function retryAfterOf(given: string, now: number): number | null {
  const wait = /^\d+$/.test(given) ? Number(given) * 1000 : HTTP_DATE.test(given) ? Date.parse(given) - now : NaN;
  return wait > 0 ? Math.min(wait, LONGEST_RETRY_AFTER) : null;
}

const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
