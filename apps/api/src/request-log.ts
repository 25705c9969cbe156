import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from './log.js';

/** One line per request; the route's pattern and never its URL, which may hold a secret. */
export function logRequests(server: FastifyInstance, parent: Log): void {
  // What a line holds is told below, and no field of it hides a secret: to look for some in each costs more than the line.
  const log = parent.child({}, { redact: [] });
  server.addHook('onResponse', (request, reply, done) => {
    const quiet = request.routeOptions.config.quiet === true && reply.statusCode < 400;
    const level = quiet ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) log[level](lineOf(request, reply), 'request');
    done();
  });
}

function lineOf(request: FastifyRequest, reply: FastifyReply): object {
  const { caller } = request;
  return {
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    traceId: request.id,
    ...(caller?.kind === 'user' ? { userId: caller.userId } : {}),
    ...(caller && 'account' in caller && caller.account ? { appId: caller.account.appId } : {}),
  };
}
