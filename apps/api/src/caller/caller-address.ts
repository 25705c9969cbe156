import type { Origin } from '@claviger/domain';
import type { FastifyRequest } from 'fastify';

/** Where the request came from: the socket's other end, or what the proxy in front of us saw, if there is to be one. */
export function addressOf(request: FastifyRequest): string {
  const { ip } = request;
  // Sockets that listen on IPv6 write IPv4 addresses so.
  return ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice('::ffff:'.length) : ip;
}

/** The request, as the audit tells of it. */
export function originOf(request: FastifyRequest): Origin {
  return { address: addressOf(request), traceId: request.id };
}
