import { createHash } from 'node:crypto';
import { demandInPerson, isExpired, PlatformError, SCOPES, type Scope, type UserCaller } from '@claviger/domain';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Provider } from 'oidc-provider';
import { callerOf } from '../caller/caller-guard.js';
import { answer } from '../envelope.js';
import type { FailureConfig } from '../limits/rate-limit-headers.js';
import type { Log } from '../log.js';
import { errorPage } from '../pages/error-page.js';
import { pictureOf } from '../pages/picture-of.js';
import type { Service } from '../service.js';
import { duringArrival } from './arrival.js';
import { currentProvider } from './current-provider.js';
import { oauthBase, type OAuthConfig } from './oauth-base.js';
import { sayAway } from './oauth-error.js';
import { OAUTH_HEADERS } from './oauth-headers.js';
import { AUTHORIZATION, INTROSPECTION, OAUTH_ROUTES } from './oauth-routes.js';
import { OAUTH_PATH, openProvider } from './open-provider.js';
import { quickIntrospection } from './quick-introspection.js';

/** The authorization server, and what the page of consent asks and says. */
export function serveOAuth(
  server: FastifyInstance,
  service: Service,
  config: OAuthConfig & FailureConfig,
  log: Log,
): void {
  const opened = currentProvider({
    readKeys: () => service.platform.openSigningKeys(),
    open: (keys) => openProvider(service, { base: oauthBase(server, config), config, log, keys }),
    now: () => performance.now(),
  });
  const introspectQuickly = quickIntrospection(service);
  void server.register(async (oauth) => {
    // The library reads bodies itself.
    oauth.removeAllContentTypeParsers();
    oauth.addContentTypeParser('*', (_request, body, done) => done(null, body));
    for (const { method, url } of OAUTH_ROUTES)
      oauth.route({
        method,
        url,
        // Asked for each request of some resource server, like a check.
        config: { access: 'open', quiet: url === INTROSPECTION },
        handler: async (request, reply) => {
          const arrival = { request, reply, at: Date.now() };
          try {
            const provider = await opened();
            if (url === INTROSPECTION && (await introspectQuickly(request, reply, provider.issuer))) return reply;
            return await duringArrival(arrival, () => pass(provider, request, reply));
          } catch (error) {
            // Before the library is there to say it.
            return sayAway(error, arrival, url.startsWith(AUTHORIZATION) ? errorPage(oauthBase(server, config)) : null);
          }
        },
      });
  });
  server.get('/consent/request', { config: { access: 'user' } }, async (request, reply) => {
    const user = demandInPerson(callerOf(request));
    const asked = await askedBy(await opened(), request, reply);
    const { account, given } = await service.platform.showConsent(user, { appId: asked.appId, scope: asked.ours });
    return answer(request, {
      id: questionOf(asked, user),
      appId: account.appId,
      owner: account.owner,
      homepageHost: hostOf(account.homepageUrl),
      redirectHost: hostOf(asked.redirectUri),
      avatarUrl: pictureOf(account),
      scope: asked.scope,
      userId: user.userId,
      given: given && !asked.again,
    });
  });
  server.post('/consent/decision', { config: { access: 'user' } }, async (request, reply) => {
    const { id, allow } = (request.body ?? {}) as { id?: unknown; allow?: unknown };
    if (typeof id !== 'string' || typeof allow !== 'boolean') throw new PlatformError('request_malformed');
    const user = demandInPerson(callerOf(request));
    const provider = await opened();
    const asked = await askedBy(provider, request, reply);
    if (allow) await service.platform.showConsent(user, { appId: asked.appId, scope: asked.ours });
    // Another application may have asked since, in another window or by a trick: nobody agrees to what they did not see.
    if (id !== questionOf(asked, user)) throw new PlatformError('question_changed');
    const result = allow ? await grant(provider, service, user, asked) : { error: 'access_denied' };
    return answer(request, { location: await provider.interactionResult(request.raw, reply.raw, result) });
  });
}

async function pass(provider: Provider, request: FastifyRequest, reply: FastifyReply): Promise<void> {
  const { raw } = request;
  // Where it stands is for the issuer to say, never for a request: the library would believe its headers.
  const { protocol, host, pathname } = new URL(provider.issuer);
  Object.assign(raw.headers, { 'x-forwarded-proto': protocol.slice(0, -1), 'x-forwarded-host': host });
  Object.assign(raw, { originalUrl: pathname.slice(0, -OAUTH_PATH.length) + (raw.url ?? '') });
  raw.url = (raw.url ?? '').slice(OAUTH_PATH.length);
  reply.hijack();
  for (const [name, value] of Object.entries({ ...reply.getHeaders(), ...OAUTH_HEADERS }))
    if (value !== undefined) reply.raw.setHeader(name, value);
  await provider.callback()(raw, reply.raw);
}

interface Asked {
  /** The interaction's own, known to this browser alone. */
  readonly jti: string;
  readonly appId: string;
  readonly redirectUri: string;
  /** All that is asked, the protocol's own words too. */
  readonly scope: readonly string[];
  readonly ours: readonly Scope[];
  /** The application wants the user to be asked, whatever they agreed to before. */
  readonly again: boolean;
}

/** What this browser is being asked. @throws authorization_missing when it is asked nothing, or no longer */
async function askedBy(provider: Provider, request: FastifyRequest, reply: FastifyReply): Promise<Asked> {
  const found = await provider.interactionDetails(request.raw, reply.raw).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'SessionNotFound') return null;
    throw error;
  });
  if (!found || isExpired({ expiresAt: (found.exp ?? 0) * 1000 }, Date.now()))
    throw new PlatformError('authorization_missing');
  const { client_id: appId, redirect_uri: redirectUri, scope, prompt } = found.params;
  const words = wordsOf(scope);
  return {
    jti: found.jti,
    appId: String(appId),
    redirectUri: String(redirectUri),
    scope: words,
    ours: SCOPES.filter((one) => words.includes(one)),
    again: wordsOf(prompt).includes('consent'),
  };
}

/** The name of one question to one user: the answer repeats it. */
function questionOf({ jti }: Asked, { userId }: UserCaller): string {
  return createHash('sha256').update(`${jti} ${userId}`).digest('base64url');
}

/** Writes the user's word down, and what the library needs to go on from there. */
async function grant(provider: Provider, { platform }: Service, user: UserCaller, asked: Asked) {
  const authorization = await platform.authorizeAccount(user, { appId: asked.appId, scope: asked.ours });
  const given = new provider.Grant({ accountId: authorization.userId, clientId: asked.appId });
  given.addOIDCScope(asked.scope.join(' '));
  return { login: { accountId: authorization.userId, remember: false }, consent: { grantId: await given.save() } };
}

function wordsOf(text: unknown): readonly string[] {
  return typeof text === 'string' ? text.split(' ').filter(Boolean) : [];
}

function hostOf(url: string | null): string {
  return url !== null && URL.canParse(url) ? new URL(url).host : '';
}
