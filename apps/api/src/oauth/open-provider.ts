import { createPrivateKey } from 'node:crypto';
import type { OpenedSigningKey } from '@claviger/application';
import { ID_TOKEN_LIFE, SCOPES } from '@claviger/domain';
import type { Adapter, Provider } from 'oidc-provider';
import type { FailureConfig } from '../limits/rate-limit-headers.js';
import type { Log } from '../log.js';
import { ERROR_PAGE_HEADERS, errorPage } from '../pages/error-page.js';
import type { Service } from '../service.js';
import { artifactAdapter, NO_SESSIONS } from './artifact-adapter.js';
import { clientAdapter } from './client-adapter.js';
import { FOR_CLIENTS, proveClient } from './client-proof.js';
import { inItsWords, saying } from './oauth-error.js';
import { PROTOCOL_SCOPES } from './protocol-scopes.js';
import { inQueryAlone } from './response-mode.js';

export const OAUTH_PATH = '/oauth';
const [MINUTE, HOUR, DAY] = [60, 3600, 86_400];

export interface ProviderSettings {
  /** Where browsers and clients reach the API, without a slash at its end. */
  readonly base: string;
  readonly config: FailureConfig;
  readonly log: Log;
  /** The first one signs; all are published. */
  readonly keys: readonly OpenedSigningKey[];
}

/** The authorization server over the platform. Loading its library takes long, so that happens here and only here. */
export async function openProvider(service: Service, { base, config, log, keys }: ProviderSettings): Promise<Provider> {
  const { Provider, errors, interactionPolicy } = await import('oidc-provider');
  const { Check, base: basePolicy } = interactionPolicy;
  const policy = basePolicy();
  // Who it is, and whether they agree, is asked each time: our session decides, which may be somebody else's by now.
  const ourSession = new Check('our_session', 'our session tells who it is', 'login_required', (ctx) =>
    ctx.oidc.result?.login ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT,
  );
  policy.get('login')?.checks.add(ourSession);
  const pageOf = errorPage(base);
  const say = inItsWords(config, errors);
  const prove = proveClient(service, say);
  const unknown = async (appId: string) => {
    if (FOR_CLIENTS.includes(Provider.ctx?.oidc.route ?? '')) await prove(appId, '');
  };
  const lost = () => new errors.InvalidGrant('it was redeemed or revoked already');
  const storage = (kind: string): Adapter => {
    if (kind === 'Session') return NO_SESSIONS;
    return kind === 'Client' ? clientAdapter(service, unknown) : artifactAdapter(kind, service, lost);
  };
  const provider = new Provider(`${base}${OAUTH_PATH}`, {
    adapter: (kind: string) => saying(storage(kind), say),
    scopes: [...PROTOCOL_SCOPES, ...SCOPES],
    claims: { openid: ['sub'] },
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    pkce: { required: () => true },
    allowOmittingSingleRegisteredRedirectUri: false,
    rotateRefreshToken: () => true,
    expiresWithSession: async () => false,
    revokeGrantPolicy: () => true,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      // The API takes access tokens as they are: one that is bound to a key would be good there without it.
      dPoP: { enabled: false },
      introspection: {
        enabled: true,
        allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
      },
      revocation: { enabled: true, allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId },
    },
    findAccount: async (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub }) }),
    interactions: { policy, url: () => `${base}/consent` },
    cookies: { keys: [service.oauthCookieKey] },
    jwks: { keys: keys.map(toJwk) },
    ttl: {
      AccessToken: HOUR,
      AuthorizationCode: MINUTE,
      IdToken: ID_TOKEN_LIFE / 1000,
      Interaction: 15 * MINUTE,
      RefreshToken: 30 * DAY,
      Grant: 365 * DAY,
      Session: HOUR,
    },
    renderError: (ctx, { error }) => {
      ctx.set({ ...ERROR_PAGE_HEADERS });
      ctx.type = 'html';
      ctx.body = pageOf(ctx.headers, error);
    },
  });
  provider.Client.prototype.compareClientSecret = function (this: { clientId: string }, secret: string) {
    return prove(this.clientId, secret);
  };
  provider.use(inQueryAlone);
  // What it reads from these headers is ours, see `pass`.
  provider.proxy = true;
  provider.on('server_error', (_ctx, error) =>
    log.error({ fault: error.stack }, 'The authorization server met a fault.'),
  );
  return provider;
}

function toJwk({ id, privateKey }: OpenedSigningKey) {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64url'), format: 'der', type: 'pkcs8' });
  return { ...key.export({ format: 'jwk' }), kty: 'RSA' as const, kid: id, use: 'sig', alg: 'RS256' };
}
