import type { Command } from 'commander';
import type { Session } from '../session.js';
import { examples } from './examples.js';
import type { ListTokensOptions } from './tokens.js';

/** What a person types about access tokens; what is then done stands in tokens.ts and is loaded only then. */
export function tokenCommands(token: Command, session: Session): void {
  const deeds = () => import('./tokens.js');

  token
    .command('list')
    .description('all access tokens, or those of one user, oldest first; never the tokens themselves')
    .option('--user <userId>', 'only those of this user')
    .addHelpText(
      'after',
      examples(
        'claviger token list --user alice',
        "claviger token list -o json | jq -r '.[] | select(.lastUsedAt == null) | .id'",
      ),
    )
    .action(async (options: ListTokensOptions) => (await deeds()).listTokens(session, options));

  token
    .command('revoke <id>')
    .description('end an access token: whoever calls with it is refused from now on')
    .addHelpText(
      'after',
      examples(
        'claviger token revoke 01a200e3-868f-774b-b656-8887fe58fb5b',
        "claviger token list --user alice -o json | jq -r '.[].id' | xargs -n1 claviger token revoke --yes",
      ),
    )
    .action(async (id: string) => (await deeds()).revokeToken(session, id));
}
