import type { IncomingMessage } from 'node:http';
import type { Config } from '@claviger/composition';
import type { Origin } from '@claviger/domain';
import proxyAddr from '@fastify/proxy-addr';

type Addressed = { readonly ip: string };

/** The proxy in front of us and no other: what stands before its own entry, its client may have written itself. */
export const TRUSTED_PROXY = (_address: string, hop: number): boolean => hop === 0;

/** What Fastify's `ip` is, where Fastify has not been yet. */
export function remoteAddress(config: Pick<Config, 'http.trustProxy'>): (request: IncomingMessage) => string {
  return config['http.trustProxy']
    ? (request) => proxyAddr(request, TRUSTED_PROXY)
    : ({ socket }) => socket.remoteAddress ?? '';
}

/** Where the request came from: the socket's other end, or what the proxy in front of us saw, if there is to be one. */
export function addressOf({ ip }: Addressed): string {
  // Sockets that listen on IPv6 write IPv4 addresses so.
  return ip.startsWith('::ffff:') && ip.includes('.') ? ip.slice('::ffff:'.length) : ip;
}

/** The request, as the audit tells of it. */
export function originOf(request: Addressed & { readonly id: string }): Origin {
  return { address: addressOf(request), traceId: request.id };
}
