import type { FastifyRequest } from 'fastify';

/** What the log says of a fault: what happened, and where. */
export function faultLine(error: unknown, request: FastifyRequest): object {
  return { error: causeOf(error), traceId: request.id, method: request.method, route: request.routeOptions.url };
}

/** Further properties are left out: drivers hang statements and their values on errors. */
function causeOf(error: unknown): object {
  return error instanceof Error
    ? { name: error.name, message: error.message, stack: error.stack }
    : { name: typeof error };
}
