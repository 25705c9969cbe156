import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';

type Route = FastifyRequest['routeOptions'];

/** Counts every answer, and writes a line of it into the log: with the route's pattern, never the URL, which may hold a secret. */
export function tellOfAnswers(server: FastifyInstance, parent: Log, metrics: Pick<Metrics, 'count'> | null): void {
  // What a line holds is told below, and no field of it hides a secret: to look for some in each costs more than the line.
  const log = parent.child({}, { redact: [] });
  server.addHook('onResponse', (request, reply, done) => {
    // Fastify makes it anew each time it is asked for.
    const route = request.routeOptions;
    const { statusCode, elapsedTime } = reply;
    metrics?.count(route, { method: request.method, status: statusCode, milliseconds: elapsedTime });
    const level = route.config.quiet === true && statusCode < 400 ? 'debug' : 'info';
    if (log.isLevelEnabled(level)) log[level](lineOf(route, request, reply), 'request');
    done();
  });
}

function lineOf(route: Route, request: FastifyRequest, reply: FastifyReply): object {
  const { caller } = request;
  return {
    method: request.method,
    route: route.url ?? null,
    status: reply.statusCode,
    ms: Math.round(reply.elapsedTime * 10) / 10,
    traceId: request.id,
    ...(caller?.kind === 'user' ? { userId: caller.userId } : {}),
    ...(caller && 'account' in caller && caller.account ? { appId: caller.account.appId } : {}),
  };
}
