import { believesHeaderFrom, type Config } from '@claviger/composition';
import type { Claim } from '@claviger/application';
import { andThen, PlatformError, type Awaitable, type Caller } from '@claviger/domain';
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
  const guards = guardsOf(service, config, limitRequests);
  // A hook of the route itself knows its rule; one of all routes would look it up for each request.
  server.addHook('onRoute', (route) => {
    const access = route.config?.access;
    if (!access) throw new Error(`The route ${String(route.method)} ${route.url} has no access rule.`);
    if (access === 'open') return;
    const guard = guards[access];
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
type Guard = (request: FastifyRequest, reply: FastifyReply) => Awaitable<void>;
/** Fastify waits for what a hook returns, or for its callback. */
type Hook = (...given: [...Parameters<Guard>, done: () => void]) => Awaitable<void>;

/** The guard of each access rule. */
function guardsOf(
  service: Service,
  config: GuardConfig,
  limitRequests: LimitRequests,
): Readonly<Record<Guarded, Hook>> {
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
    (request, reply) => {
      const claim = served(read(request, access), access) ?? named(request, access);
      if (!claim) throw new PlatformError('access_token_empty');
      return andThen(service.platform.atOnce.authenticate(claim, originOf(request)), (caller) => {
        if (caller.kind === 'platform' && access === 'user') throw new PlatformError('user_header_missing');
        if (claim.scheme === 'session' && changesState(request, access))
          demandSameOrigin(request, config['http.publicUrl']);
        request.caller = caller;
        return limitRequests(request, reply);
      });
    };

  const byPasswordOrSession = proving('password_or_session');
  return {
    user: hookOf(proving('user')),
    user_optional: hookOf(proving('user_optional')),
    access_token: hookOf(proving('access_token')),
    password_or_session: hookOf(async (request, reply) => {
      try {
        await byPasswordOrSession(request, reply);
      } catch (error) {
        throw isUnauthenticated(error) ? new BareRefusal() : error;
      }
    }),
    login: hookOf(async (request, reply) => {
      const presented = read(request, 'login');
      demandSameOrigin(request, config['http.publicUrl']);
      served(presented, 'login');
      await limitRequests(request, reply);
    }),
  };
}

/** What needs no waiting is done before the body of the request goes by, which is cheaper than to stop it. */
function hookOf(guard: Guard): Hook {
  return (request, reply, done) => {
    const guarded = guard(request, reply);
    return guarded instanceof Promise ? guarded : done();
  };
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

function isUnauthenticated(error: unknown): boolean {
  return error instanceof PlatformError && error.kind === 'unauthenticated';
}
