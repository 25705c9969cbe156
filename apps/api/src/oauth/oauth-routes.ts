import type { HTTPMethods } from 'fastify';
import { OAUTH_PATH } from './open-provider.js';

interface OAuthRoute {
  readonly method: HTTPMethods[];
  readonly url: string;
}

/** Where browsers come, and are told in a page what applications cannot be told. */
export const AUTHORIZATION = `${OAUTH_PATH}/auth`;

export const INTROSPECTION = `${OAUTH_PATH}/token/introspection`;

/** What of the authorization server is open. Whatever else its library serves, or will serve one day, is not. */
export const OAUTH_ROUTES: readonly OAuthRoute[] = [
  { method: ['GET'], url: AUTHORIZATION },
  // Where the browser goes on from, when the user has decided.
  { method: ['GET'], url: `${OAUTH_PATH}/auth/:uid` },
  { method: ['POST', 'OPTIONS'], url: `${OAUTH_PATH}/token` },
  { method: ['POST', 'OPTIONS'], url: INTROSPECTION },
  { method: ['POST', 'OPTIONS'], url: `${OAUTH_PATH}/token/revocation` },
  { method: ['GET', 'POST', 'OPTIONS'], url: `${OAUTH_PATH}/me` },
  { method: ['GET', 'OPTIONS'], url: `${OAUTH_PATH}/jwks` },
  { method: ['GET', 'OPTIONS'], url: `${OAUTH_PATH}/.well-known/openid-configuration` },
];
