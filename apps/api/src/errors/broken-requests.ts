import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { PlatformError } from '@claviger/domain';
import { awaitedAnswer } from '../awaited-answer.js';
import { MAX_URL_LENGTH } from '../limits.js';
import type { Log } from '../log.js';
import { newTraceId } from '../trace-id.js';
import { HttpError } from './http-errors.js';
import { refuse, type Refusal } from './refuse.js';

/** What Node tells about a request that it could not read. */
interface ClientError extends Error {
  readonly code?: string;
  /** The bytes that arrived last. */
  readonly rawPacket?: unknown;
}

/** Requests that never became one: there is a socket and nothing else, but the answer is the same as everywhere. */
export function answerBroken(error: ClientError, socket: Socket, log: Log): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const refusal = refuse(whatIsBroken(error), 'en', newTraceId());
  if (socket.writable && !isAnswering(socket)) socket.write(inHttp(refusal));
  socket.destroy();
  log.info({ method: null, route: null, status: refusal.status, traceId: refusal.body.traceId }, 'request');
}

function inHttp({ status, headers, body }: Refusal): string {
  const text = JSON.stringify(body);
  const all = {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', text].join('\r\n');
}

function whatIsBroken({ code, rawPacket }: ClientError): PlatformError | HttpError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HttpError('request_too_slow');
  if (code !== 'HPE_HEADER_OVERFLOW') return new PlatformError('request_malformed');
  // The parser does not tell which part overflowed: a first line that does not end is a URL that is too long.
  const firstLine = Buffer.isBuffer(rawPacket) ? rawPacket.indexOf('\r\n') : 0;
  return new HttpError(firstLine < 0 || firstLine > MAX_URL_LENGTH ? 'url_too_long' : 'headers_too_large');
}

/** Half an answer may be out already; a second one in its midst would be read as part of it. */
function isAnswering(socket: Socket): boolean {
  return awaitedAnswer(socket)?.headersSent ?? false;
}
