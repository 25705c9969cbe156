import type { Config } from '@claviger/composition';
import { demandGatewayScope } from '@claviger/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { addressOf } from '../caller/caller-address.js';
import { callerOf } from '../caller/caller-guard.js';
import { HttpError } from '../errors/http-errors.js';
import { headersDown, headersUp } from './upstream-headers.js';
import { GATEWAY_PATH, upstreamTarget } from './upstream-path.js';

export type GatewayConfig = Pick<
  Config,
  'gateway.upstreams.openapi' | 'gateway.connectTimeout' | 'gateway.responseTimeout'
>;

/** Requests of users with an access token are passed on as they are, byte for byte, with who calls in place of the token. */
export function passOn(server: FastifyInstance, config: GatewayConfig): void {
  void server.register(async (gateway) => {
    const upstream = config['gateway.upstreams.openapi'];
    // Bodies pass by unread: of any type, of any size.
    gateway.removeAllContentTypeParsers();
    gateway.addContentTypeParser('*', (_request, body, done) => done(null, body));
    // Loaded where there is something to pass on to.
    if (upstream !== null) await gateway.register(import('@fastify/reply-from'), proxyOptions(upstream, config));
    gateway.all(`${GATEWAY_PATH}*`, { config: { access: 'access_token' } }, (request, reply) => {
      if (upstream === null) throw new HttpError('url_unknown');
      return forward(request, reply, new URL(upstream));
    });
  });
}

function proxyOptions(upstream: string, config: GatewayConfig) {
  const silence = config['gateway.responseTimeout'];
  return {
    base: new URL(upstream).origin,
    // Every path is another, and the cache would keep what may be in it.
    disableCache: true,
    disableRequestLogging: true,
    // Whether to ask again is for the client to decide.
    retryMethods: [],
    undici: {
      headersTimeout: silence,
      bodyTimeout: silence,
      // The library's default is to believe every certificate.
      connect: { timeout: config['gateway.connectTimeout'], rejectUnauthorized: true },
    },
  };
}

function forward(request: FastifyRequest, reply: FastifyReply, upstream: URL): FastifyReply {
  const { path, query } = upstreamTarget(request.raw.url ?? '');
  const caller = callerOf(request);
  if (caller.kind !== 'user') throw new Error('An access token is a user’s.');
  demandGatewayScope(caller);
  const { host, protocol } = request;
  return reply.from(upstream.pathname.replace(/\/$/, '') + path, {
    queryString: () => query,
    rewriteRequestHeaders: (_request, headers) => {
      const up = headersUp(headers, { userId: caller.userId, address: addressOf(request), host, protocol });
      return request.body === undefined ? withoutBody(up) : up;
    },
    rewriteHeaders: headersDown,
    onError: (failed, { error }) => {
      const slow = 'statusCode' in error && error.statusCode === 504;
      void failed.send(new HttpError(slow ? 'upstream_slow' : 'upstream_away', unreadBody(request)));
    },
  });
}

/** Of GET and HEAD no body is passed on: it has no meaning (RFC 9110, 9.3.1). */
function withoutBody({ 'content-length': _length, ...headers }: ReturnType<typeof headersUp>) {
  return headers;
}

/** The rest of a body that nobody will read would be taken for the next request. */
function unreadBody({ raw }: FastifyRequest): Record<string, string> {
  return raw.complete ? {} : { connection: 'close' };
}
