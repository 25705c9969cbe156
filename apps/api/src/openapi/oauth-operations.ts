import type { OAuthController } from '../oauth/oauth.controller.js';
import {
  EXAMPLE_AUTHORIZE,
  EXAMPLE_CHALLENGE,
  EXAMPLE_CONSENT,
  EXAMPLE_DECISION,
  EXAMPLE_LOCATION,
} from './oauth-schemas.js';
import type { Described, Field, Operation } from './operations.js';
import { APP_ID } from './parts.js';
import { ref } from './schemas.js';

const text = (description: string, example: string): Field => ({
  schema: { type: 'string', examples: [example] },
  description,
});
const required = (field: Field): Field => ({ ...field, required: true });

export const OAUTH_OPERATIONS: Described<OAuthController> = {
  authorize: {
    id: 'ask_authorization',
    summary: 'Where an application’s authorization begins',
    description:
      'As the original console asks, for users who are there themselves. `redirectUrl` leads to the authorization server and so to the page of consent; no code exists before that.',
    query: {
      client_id: required({ schema: APP_ID, description: 'The account, exactly.' }),
      state: required(text('Comes back to the application as it is.', 'af0ifjsldkj')),
      scope: text('Words between spaces; left out: all that the user could grant the account.', 'openid PROJECT'),
      nonce: text('Comes back in the ID token.', 'n-0S6_WzA2Mj'),
      code_challenge: required(text('Of PKCE.', EXAMPLE_CHALLENGE)),
      code_challenge_method: required({
        schema: { type: 'string', enum: ['S256'] },
        description: 'No other is taken.',
      }),
    },
    data: ref('Authorize'),
    example: EXAMPLE_AUTHORIZE,
    notFor: ['application', 'platform'],
    refuses: ['field_invalid', 'user_not_allowed', 'account_missing'],
  },
};

/** What the page of consent calls: no controller of Nest's, so they are named by their paths. */
export const CONSENT_OPERATIONS: readonly {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}[] = [
  {
    path: '/consent/request',
    method: 'get',
    operation: {
      id: 'show_consent',
      summary: 'What this browser’s user is asked to agree to',
      description: 'For the page of consent: the cookie `_interaction`, from the authorization, says which question.',
      data: ref('Consent'),
      example: EXAMPLE_CONSENT,
      notFor: ['application', 'platform'],
      refuses: ['user_not_allowed', 'account_missing', 'authorization_missing'],
    },
  },
  {
    path: '/consent/decision',
    method: 'post',
    operation: {
      id: 'decide_consent',
      summary: 'Agree to it, or refuse',
      description:
        'For the page of consent. With a session from the same origin alone, like all that changes something.',
      body: { schema: ref('Decision'), example: EXAMPLE_DECISION },
      data: ref('Location'),
      example: EXAMPLE_LOCATION,
      notFor: ['application', 'platform'],
      refuses: ['user_not_allowed', 'account_missing', 'authorization_missing', 'question_changed', 'write_was_stale'],
    },
  },
];
