import { ERROR_CATALOGUE, PlatformError, renderText, type CatalogueEntry, type Language } from '@claviger/domain';
import { HttpException } from '@nestjs/common';
import type { Envelope } from '../envelope.js';
import { HTTP_ERRORS, HttpError, type HttpErrorCode } from './http-errors.js';
import { STATUS } from './status.js';

/** An error as HTTP says it. */
export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Envelope<null>;
}

/** Seconds after which a database that was busy or away is worth another try. */
const RETRY_AFTER = '2';

/** Not Basic, for which browsers would ask in a window of their own; it serves two calls only. */
export const CHALLENGE = { 'www-authenticate': 'Bearer realm="claviger", Platform realm="claviger"' };

/** Headers that a kind of refusal is not complete without. */
const HEADERS: Partial<Record<CatalogueEntry['kind'], Readonly<Record<string, string>>>> = {
  unauthenticated: CHALLENGE,
  unavailable: { 'retry-after': RETRY_AFTER },
};

/** Turns every error into its answer: the only place. Whatever is not known is our fault and says nothing of itself. */
export function refuse(error: unknown, language: Language, traceId: string): Refusal {
  const { entry, status, details, headers } = read(understand(error));
  return {
    status,
    headers: { ...HEADERS[entry.kind], ...headers },
    body: { code: entry.number, message: renderText(entry, details, language), data: null, traceId },
  };
}

/** Whether the error is none that anybody threw on purpose, so that its cause belongs into the log. */
export function isFault(error: unknown): boolean {
  const understood = understand(error);
  return understood instanceof PlatformError && understood.kind === 'fault';
}

/** What the framework says in its own words, in ours. */
function understand(error: unknown): PlatformError | HttpError {
  if (error instanceof PlatformError || error instanceof HttpError) return error;
  const status = statusOf(error);
  if (status === null || status < 400 || status >= 500) return new PlatformError('fault');
  const code = FRAMEWORK_ERRORS[status];
  return code ? new HttpError(code) : new PlatformError('request_malformed');
}

const FRAMEWORK_ERRORS: Readonly<Record<number, HttpErrorCode>> = {
  404: 'url_unknown',
  408: 'request_too_slow',
  413: 'body_too_large',
  414: 'url_too_long',
  415: 'media_type_unknown',
  431: 'headers_too_large',
};

/** Nest wraps some of what Fastify throws; the rest carries its status itself. */
function statusOf(error: unknown): number | null {
  if (error instanceof HttpException) return error.getStatus();
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : null;
}

function read(error: PlatformError | HttpError) {
  if (error instanceof PlatformError) {
    const entry: CatalogueEntry = ERROR_CATALOGUE[error.code];
    const { retryAfter, scope } = error.details;
    const headers = {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
      // RFC 6750, 3.1.
      ...(scope === undefined
        ? {}
        : { 'www-authenticate': `Bearer realm="claviger", error="insufficient_scope", scope="${String(scope)}"` }),
    };
    return { entry, status: STATUS[entry.kind], details: error.details, headers };
  }
  const entry = HTTP_ERRORS[error.code];
  return { entry, status: entry.status, details: {}, headers: error.headers };
}
