import { isUtf8 } from 'node:buffer';
import { PlatformError } from '@claviger/domain';
import type { FastifyBodyParser, FastifyInstance } from 'fastify';
import secureJson from 'secure-json-parse';
import { HttpError } from './errors/http-errors.js';
import { MAX_JSON_DEPTH } from './limits.js';

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/**
 * Reads JSON and nothing else: a form or a text could be sent by any web page without asking. An empty body is no body
 * whatever its type, for deployed clients send DELETE, PUT and POST so.
 */
export function readOnlyJson(server: FastifyInstance): void {
  const json: FastifyBodyParser<Buffer> = (_request, body, done) => {
    if (body.length === 0) return done(null, undefined);
    try {
      done(null, parseJson(body));
    } catch (error) {
      done(error as PlatformError);
    }
  };
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, json);
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body: Buffer, done) => {
    if (body.length > 0) return done(new HttpError('media_type_unknown'));
    done(null, undefined);
  });
}

/** In what the library looks for there is one of these; its own look costs as much as all the rest. */
const SUSPICIOUS = /\\|__proto__|constructor/;

/** @throws request_malformed, for what could be taken for a prototype too */
export function parseJson(body: Buffer): unknown {
  if (depthOf(body) > MAX_JSON_DEPTH || !isUtf8(body)) throw new PlatformError('request_malformed');
  const text = body.toString();
  try {
    return text.startsWith('{') && !SUSPICIOUS.test(text) ? JSON.parse(text) : secureJson.parse(text);
  } catch {
    throw new PlatformError('request_malformed');
  }
}

/** Counted before parsing, so that whatever walks through the value later cannot be led too deep. */
function depthOf(json: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let inText = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (inText) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) deepest = Math.max(deepest, ++depth);
    else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
  }
  return deepest;
}
