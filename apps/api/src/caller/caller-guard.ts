import { believesHeaderFrom, type Config } from '@claviger/composition';
import type { Claim } from '@claviger/application';
import { PlatformError, type Caller } from '@claviger/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { BareRefusal } from '../errors/bare-refusal.js';
import type { LimitRequests } from '../limits/limit-requests.js';
import type { Service } from '../service.js';
import type { Access } from './access.js';
import { originOf } from './caller-address.js';
import { readClaim, readUserId, type Presented } from './read-claim.js';
import { demandSameOrigin } from './same-origin.js';
import { sessionCookie } from './session-cookie.js';

export type GuardConfig = Pick<
  Config,
  'http.host' | 'http.publicUrl' | 'auth.accessToken.enabled' | 'auth.accessToken.trustHeaderFrom'
>;

type Scheme = Presented['scheme'];

/** The schemes that a route's access rule takes; every other is as good as an unknown one. */
const SERVED = {
  user: ['platform', 'token', 'session'],
  user_optional: ['platform', 'token', 'session'],
  access_token: ['token'],
  password_or_session: ['password', 'session'],
  login: ['password'],
} as const satisfies Record<Exclude<Access, 'open'>, readonly Scheme[]>;

/** Where a session's cookie is neither needed nor in the way: a browser sends it along to everything. */
const IGNORES_SESSION: readonly Access[] = ['access_token', 'login'];
/** Where a caller may come by a header alone, if the configuration believes one. */
const TAKES_HEADER: readonly Access[] = ['user', 'user_optional', 'access_token'];

/**
 * Authentication for every route, before its body is read: strangers cannot make us parse. A route that does not say
 * who may call it keeps the server from starting.
 */
export function guardCallers(
  server: FastifyInstance,
  service: Service,
  config: GuardConfig,
  limitRequests: LimitRequests,
): void {
  server.decorateRequest('caller', null);
  server.decorateRequest('presented', null);
  const guardOf = guards(service, config, limitRequests);
  // A hook of the route itself knows its rule; one of all routes would look it up for each request.
  server.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (!access) throw new Error(`The route ${String(route.method)} ${route.url} has no access rule.`);
    if (access === 'open') return;
    const guard = guardOf(access);
    const others = [route.onRequest ?? []].flat();
    // The HEAD of a GET is a route of its own, made from the one that has its guard already.
    if (!others.includes(guard)) route.onRequest = [guard, ...others];
  });
}

/** Who is calling, on a route behind the guard. */
export function callerOf(request: FastifyRequest): Caller {
  if (!request.caller) throw new Error('The route is open: nobody is known to call it.');
  return request.caller;
}

/** The session's cookie that proved the caller, if one did. */
export function sessionOf({ presented }: FastifyRequest): string | undefined {
  return presented?.scheme === 'session' ? presented.session : undefined;
}

type Guarded = Exclude<Access, 'open'>;
type Guard = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** The guard of each access rule. */
function guards(service: Service, config: GuardConfig, limitRequests: LimitRequests): (access: Guarded) => Guard {
  const cookie = sessionCookie(config['http.publicUrl']).name;
  const believes = believesHeaderFrom(config);

  /** A user who is only named, where that is enough. */
  const named = (request: FastifyRequest, access: Access): Claim | null => {
    if (!TAKES_HEADER.includes(access) || !believes(request.socket.remoteAddress ?? '')) return null;
    const userId = readUserId(request.raw);
    return userId === null ? null : { scheme: 'header', userId };
  };

  const read = (request: FastifyRequest, access: Guarded): Presented =>
    (request.presented = readClaim(request.raw, IGNORES_SESSION.includes(access) ? null : cookie));

  const proving =
    (access: Exclude<Guarded, 'login'>): Guard =>
    async (request, reply) => {
      const claim = served(read(request, access), access) ?? named(request, access);
      if (!claim) throw new PlatformError('access_token_empty');
      const caller = await service.platform.authenticate(claim, originOf(request));
      if (caller.kind === 'platform' && access === 'user') throw new PlatformError('user_header_missing');
      if (claim.scheme === 'session' && changesState(request, access))
        demandSameOrigin(request, config['http.publicUrl']);
      request.caller = caller;
      const limited = limitRequests(request, reply);
      if (limited) await limited;
    };

  const byPasswordOrSession = proving('password_or_session');
  const byAccess: Readonly<Record<Guarded, Guard>> = {
    user: proving('user'),
    user_optional: proving('user_optional'),
    access_token: proving('access_token'),
    password_or_session: (request, reply) => byPasswordOrSession(request, reply).catch(barely),
    login: async (request, reply) => {
      const presented = read(request, 'login');
      demandSameOrigin(request, config['http.publicUrl']);
      served(presented, 'login');
      await limitRequests(request, reply);
    },
  };
  return (access) => byAccess[access];
}

/** What is presented, if the route takes it; null when nothing is. @throws caller_unknown */
function served(presented: Presented, access: Guarded): Claim | null {
  if (presented.scheme === 'none') return null;
  const schemes: readonly Scheme[] = SERVED[access];
  if (presented.scheme === 'unknown' || !schemes.includes(presented.scheme)) throw new PlatformError('caller_unknown');
  return presented;
}

/** Handing out a token changes something too, though deployed clients ask for it with GET. */
function changesState({ method }: FastifyRequest, access: Access): boolean {
  return access === 'password_or_session' || (method !== 'GET' && method !== 'HEAD');
}

function barely(error: unknown): never {
  throw error instanceof PlatformError && error.kind === 'unauthenticated' ? new BareRefusal() : error;
}
