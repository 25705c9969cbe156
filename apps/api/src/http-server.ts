import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Config } from '@claviger/composition';
import { BrokenAnswers } from './broken-answers.js';
import { TRUSTED_PROXY } from './caller/caller-address.js';
import { ANSWER_HEADERS } from './envelope.js';
import { answerBroken } from './errors/broken-requests.js';
import { refuse } from './errors/refuse.js';
import { readOnlyJson } from './json-body.js';
import { languageOf } from './language.js';
import { MAX_HEADER_SIZE, MAX_URL_LENGTH } from './limits.js';
import type { Log } from './log.js';
import { demandBounds } from './request-bounds.js';
import { routeTable } from './route-table.js';
import { traceIdOf } from './trace-id.js';

export type HttpConfig = Pick<
  Config,
  'http.headersTimeout' | 'http.requestTimeout' | 'http.bodyLimit' | 'http.trustProxy' | 'http.publicUrl'
>;

/** Sees each request before Fastify does: answers it, or hands it over by a call of `ordinary`, sooner or later. */
export type Ahead = (request: IncomingMessage, response: ServerResponse, ordinary: () => void) => void;

/** How often Node looks for requests that take too long, in milliseconds. */
const TIMEOUT_CHECKS = 500;
/** How long a connection may be idle, in milliseconds: longer than common proxies keep theirs. */
const KEEP_ALIVE = 72_000;

/** Fastify without those of its defaults that would harm us: each option here closes a hole. */
export function httpServer(config: HttpConfig, log: Log, ahead: Ahead): FastifyInstance {
  const server = fastify({
    logger: false,
    logController: new BrokenAnswers(log),
    genReqId: traceIdOf,
    trustProxy: config['http.trustProxy'] ? TRUSTED_PROXY : false,
    bodyLimit: config['http.bodyLimit'],
    serverFactory: (handler) =>
      nodeServer(config, log, (request, response) => ahead(request, response, () => handler(request, response))),
    // During the stop requests in flight are answered as always.
    return503OnClosing: false,
    routerOptions: { maxParamLength: MAX_URL_LENGTH },
    frameworkErrors: answerUnrouted(log),
    clientErrorHandler: (error, socket) => answerBroken(error, socket, log),
  });
  const routes = routeTable(server);
  server.addHook('onRequest', (request, reply, done) => {
    addHeaders(reply);
    demandBounds(request.raw);
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

function addHeaders(reply: Pick<FastifyReply, 'header'>): void {
  for (const [name, value] of HEADERS) reply.header(name, value);
}

const HEADERS = Object.entries(ANSWER_HEADERS);

function nodeServer(
  config: HttpConfig,
  log: Log,
  serve: (request: IncomingMessage, response: ServerResponse) => void,
): Server {
  const server = createServer(
    {
      // Headers are part of the request; Node refuses to give them longer than the whole.
      requestTimeout: config['http.requestTimeout'],
      headersTimeout: Math.min(config['http.headersTimeout'], config['http.requestTimeout']),
      connectionsCheckingInterval: TIMEOUT_CHECKS,
      keepAliveTimeout: KEEP_ALIVE,
      // Above the limit, so that most of what is too large can be told apart and answered in the usual form.
      maxHeaderSize: 2 * MAX_HEADER_SIZE,
      // Node's own answer has no envelope.
      requireHostHeader: false,
    },
    serve,
  );
  // Node would silently drop the 2001st header, and with it perhaps a second authentication. Their size is bounded.
  server.maxHeadersCount = 0;
  // Node would refuse unknown expectations without an envelope; a server may as well ignore them.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // Node would close a CONNECT without a word; and it looks after the connection no more.
  server.on('connect', (_request, socket: Socket) => {
    socket.on('error', () => undefined);
    answerBroken(new Error('No tunnels here.'), socket, log);
  });
  return server;
}
