import type { Command } from 'commander';
import type { Session } from '../session.js';
import { examples } from './examples.js';

/** What a person types about authorizations; what is then done stands in authorizations.ts and is loaded only then. */
export function authorizationCommands(authorization: Command, session: Session): void {
  const deeds = () => import('./authorizations.js');

  authorization
    .command('list <userId>')
    .description('the applications that a user authorized, with their scopes and last use')
    .addHelpText(
      'after',
      examples(
        'claviger authorization list alice',
        "claviger authorization list alice -o json | jq -r '.[] | select(.authorization.lastUsedAt == null) | .appId'",
      ),
    )
    .action(async (userId: string) => (await deeds()).listAuthorizations(session, userId));

  authorization
    .command('revoke <userId> <appId>')
    .description('uninstall an application for a user: its tokens for that user are refused from now on')
    .addHelpText('after', examples('claviger authorization revoke alice calendar'))
    .action(async (userId: string, appId: string) => (await deeds()).revokeAuthorization(session, userId, appId));
}
