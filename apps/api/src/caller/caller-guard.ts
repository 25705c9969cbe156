import type { Caller } from '@claviger/domain';
import { PlatformError } from '@claviger/domain';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Service } from '../service.js';
import type { Access } from './access.js';
import { readClaim, type Claim } from './read-claim.js';

/**
 * Authentication for every route, before its body is read: strangers cannot make us parse. A route that does not say
 * who may call it keeps the server from starting.
 */
export function guardCallers(server: FastifyInstance, service: Service): void {
  server.decorateRequest('caller', null);
  server.addHook('onRoute', ({ method, url, config }) => {
    if (!config?.access) throw new Error(`The route ${String(method)} ${url} has no access rule.`);
  });
  server.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access && access !== 'open') request.caller = await authenticate(service, request, access);
  });
}

/** Who is calling, on a route behind the guard. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('The route is open: nobody is known to call it.');
  return request.caller;
}

async function authenticate(service: Service, request: FastifyRequest, access: Access): Promise<Caller> {
  const caller = await prove(service, readClaim(request.raw));
  if (caller.kind === 'platform' && access === 'user') throw new PlatformError('user_header_missing');
  return caller;
}

function prove({ platform }: Service, claim: Claim): Promise<Caller> {
  if (claim.scheme === 'platform') return platform.authenticatePlatform(claim);
  throw new PlatformError(claim.scheme === 'none' ? 'access_token_empty' : 'caller_unknown');
}
