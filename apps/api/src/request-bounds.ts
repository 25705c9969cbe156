import type { IncomingMessage } from 'node:http';
import { PlatformError } from '@claviger/domain';
import { HttpError } from './errors/http-errors.js';
import { MAX_HEADER_SIZE, MAX_URL_LENGTH } from './limits.js';

/** @throws url_too_long, headers_too_large, request_malformed */
export function demandBounds(request: IncomingMessage): void {
  if ((request.url ?? '').length > MAX_URL_LENGTH) throw new HttpError('url_too_long');
  let headers = 0;
  for (const text of request.rawHeaders) headers += text.length + 2;
  if (headers > MAX_HEADER_SIZE) throw new HttpError('headers_too_large');
  if (request.headers.host === undefined && request.httpVersion === '1.1') throw new PlatformError('request_malformed');
}
