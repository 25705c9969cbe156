import { SCOPES } from '@claviger/domain';
import type { AuthorizeJson } from '../oauth/oauth.controller.js';
import { APP_ID, setOf, USER_ID, type Schemas } from './parts.js';

export const EXAMPLE_CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';

const asked: AuthorizeJson = {
  userId: 'alice',
  appId: 'calendar',
  redirectUrl:
    'https://claviger.example/oauth/auth?response_type=code&client_id=calendar' +
    '&redirect_uri=https%3A%2F%2Fcalendar.example%2Fback&state=af0ifjsldkj&scope=openid+PROJECT' +
    `&code_challenge=${EXAMPLE_CHALLENGE}&code_challenge_method=S256`,
  scope: ['openid', 'PROJECT'],
};
export const EXAMPLE_AUTHORIZE = asked;

const SCOPE_WORDS = ['openid', 'offline_access', ...SCOPES];

/** Users and the applications that act for them. */
export const OAUTH_SCHEMAS = {
  Authorize: {
    type: 'object',
    required: Object.keys(asked),
    properties: {
      userId: USER_ID,
      appId: APP_ID,
      redirectUrl: { type: 'string', format: 'uri', description: 'Where the browser goes to be asked for consent.' },
      scope: setOf(SCOPE_WORDS, { description: 'What would be granted.' }),
    },
    examples: [asked],
  },
} as const satisfies Schemas;
