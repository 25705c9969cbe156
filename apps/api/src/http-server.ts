import type { Socket } from 'node:net';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Config } from '@claviger/composition';
import { PlatformError } from '@claviger/domain';
import { BrokenAnswers } from './broken-answers.js';
import { answerBroken } from './errors/broken-requests.js';
import { HttpError } from './errors/http-errors.js';
import { refuse } from './errors/refuse.js';
import { readOnlyJson } from './json-body.js';
import { languageOf } from './language.js';
import { MAX_HEADER_SIZE, MAX_URL_LENGTH } from './limits.js';
import type { Log } from './log.js';
import { routeTable } from './route-table.js';
import { traceIdOf } from './trace-id.js';

export type HttpConfig = Pick<
  Config,
  'http.headersTimeout' | 'http.requestTimeout' | 'http.bodyLimit' | 'http.trustProxy' | 'http.publicUrl'
>;

/** How often Node looks for requests that take too long, in milliseconds. */
const TIMEOUT_CHECKS = 500;

/** Fastify without those of its defaults that would harm us: each option here closes a hole. */
export function httpServer(config: HttpConfig, log: Log): FastifyInstance {
  const server = fastify({
    logger: false,
    logController: new BrokenAnswers(log),
    genReqId: traceIdOf,
    // The proxy in front of us and no other: what stands before its own entry, its client may have written itself.
    trustProxy: config['http.trustProxy'] ? (_address, hop) => hop === 0 : false,
    bodyLimit: config['http.bodyLimit'],
    requestTimeout: config['http.requestTimeout'],
    http: {
      // Headers are part of the request; Node refuses to give them longer than the whole.
      requestTimeout: config['http.requestTimeout'],
      headersTimeout: Math.min(config['http.headersTimeout'], config['http.requestTimeout']),
      connectionsCheckingInterval: TIMEOUT_CHECKS,
      // Above the limit, so that most of what is too large can be told apart and answered in the usual form.
      maxHeaderSize: 2 * MAX_HEADER_SIZE,
      // Node's own answer has no envelope.
      requireHostHeader: false,
    },
    // During the stop requests in flight are answered as always.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_URL_LENGTH },
    frameworkErrors: answerUnrouted(log),
    clientErrorHandler: (error, socket) => answerBroken(error, socket, log),
  });
  // Node would silently drop the 2001st header, and with it perhaps a second authentication. Their size is bounded.
  server.server.maxHeadersCount = 0;
  // Node would refuse unknown expectations without an envelope; a server may as well ignore them.
  server.server.on('checkExpectation', (request, response) => server.server.emit('request', request, response));
  // Node would close a CONNECT without a word; and it looks after the connection no more.
  server.server.on('connect', (_request, socket: Socket) => {
    socket.on('error', () => undefined);
    answerBroken(new Error('No tunnels here.'), socket, log);
  });
  const routes = routeTable(server);
  server.addHook('onRequest', (request, reply, done) => {
    addHeaders(reply);
    demandBounds(request);
    if (request.is404) throw routes.whyNotFound(request.url);
    done();
  });
  readOnlyJson(server);
  return server;
}

/** What the router itself refuses, before any hook has run. */
function answerUnrouted(log: Log) {
  return (
    error: Error,
    request: Pick<FastifyRequest, 'id' | 'method' | 'headers'>,
    reply: Pick<FastifyReply, 'header' | 'headers' | 'code' | 'send'>,
  ): void => {
    addHeaders(reply);
    const { status, headers, body } = refuse(error, languageOf(request.headers), request.id);
    reply.code(status);
    reply.headers(headers);
    reply.send(body);
    log.info({ method: request.method, route: null, status, traceId: request.id }, 'request');
  };
}

/** Answers carry keys and who holds them: no cache may keep one, no browser guess what it is. */
function addHeaders(reply: Pick<FastifyReply, 'header'>): void {
  reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
}

function demandBounds({ raw }: FastifyRequest): void {
  if ((raw.url ?? '').length > MAX_URL_LENGTH) throw new HttpError('url_too_long');
  let headers = 0;
  for (const text of raw.rawHeaders) headers += text.length + 2;
  if (headers > MAX_HEADER_SIZE) throw new HttpError('headers_too_large');
  if (raw.headers.host === undefined && raw.httpVersion === '1.1') throw new PlatformError('request_malformed');
}
