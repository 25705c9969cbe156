import { Controller, Get, Inject, Query, Req } from '@nestjs/common';
import type { Config } from '@claviger/composition';
import { demandInPerson, parseOne, PlatformError } from '@claviger/domain';
import type { FastifyRequest } from 'fastify';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { CONFIG } from '../config.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { AuthorizeQuery } from './authorize-query.js';
import { oauthBase } from './oauth-base.js';
import { OAUTH_CALL_PATHS } from './oauth-paths.js';
import { OAUTH_PATH } from './open-provider.js';
import { PROTOCOL_SCOPES } from './protocol-scopes.js';

/** What the original console shows a user, and where it sends them when they press its button. */
export interface AuthorizeJson {
  readonly userId: string;
  readonly appId: string;
  /** Leads to the page of consent, and to no code before that. */
  readonly redirectUrl: string;
  /** What would be granted. */
  readonly scope: readonly string[];
}

@Controller(OAUTH_CALL_PATHS)
export class OAuthController {
  constructor(
    @Inject(SERVICE) private readonly service: Service,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** As the original console asks. There the answer holds a code already; here nothing is granted by asking. */
  @ActsAsUser()
  @Get('authorize')
  async authorize(
    @Req() request: FastifyRequest,
    @Query(new ShapePipe(AuthorizeQuery)) query: AuthorizeQuery,
  ): Promise<Envelope<AuthorizeJson>> {
    parseOne('code_challenge_method', ['S256'], query.code_challenge_method);
    const user = demandInPerson(callerOf(request));
    const words = (query.scope ?? '').split(' ').filter(Boolean);
    const ours = words.length === 0 ? null : words.filter((word) => !PROTOCOL_SCOPES.includes(word));
    const asked = { appId: query.client_id, scope: ours };
    const { account, scope: granted } = await this.service.platform.showConsent(user, asked);
    // A client_id is compared exactly (RFC 6749, 2.2): the authorization server would not know this one.
    if (account.appId !== query.client_id || account.redirectUri === null) throw new PlatformError('account_missing');
    const scope = [...PROTOCOL_SCOPES.filter((word) => words.includes(word)), ...granted];
    const redirectUrl = new URL(`${oauthBase(request.server, this.config)}${OAUTH_PATH}/auth`);
    redirectUrl.search = parametersOf(query, account.redirectUri, scope).toString();
    return answer(request, { userId: user.userId, appId: account.appId, redirectUrl: redirectUrl.href, scope });
  }
}

/** Of the authorization that the application would ask for itself. */
function parametersOf(query: AuthorizeQuery, redirectUri: string, scope: readonly string[]): URLSearchParams {
  const { client_id, state, nonce, code_challenge, code_challenge_method } = query;
  const parameters = new URLSearchParams({ response_type: 'code', client_id, redirect_uri: redirectUri, state });
  if (scope.length > 0) parameters.set('scope', scope.join(' '));
  if (nonce !== undefined) parameters.set('nonce', nonce);
  // Without it offline_access is ignored (OpenID Connect Core, 11).
  if (scope.includes('offline_access')) parameters.set('prompt', 'consent');
  parameters.set('code_challenge', code_challenge);
  parameters.set('code_challenge_method', code_challenge_method);
  return parameters;
}
