import type { Command } from 'commander';
import type { Session } from '../session.js';
import type { CheckOptions } from './credentials.js';
import { examples } from './examples.js';

/** What a person types about credentials; what is then done stands in credentials.ts and is loaded only then. */
export function credentialCommands(program: Command, session: Session): void {
  const deeds = () => import('./credentials.js');
  const credential = program.command('credential').description('the key pairs that accounts call with');

  credential
    .command('create <appId>')
    .description('make one more key pair; its secret is shown only this once')
    .requiredOption('--type <type>', 'PLATFORM or AUTHORIZATION_CODE')
    .addHelpText(
      'after',
      examples(
        'claviger credential create billing --type PLATFORM',
        'claviger credential create billing --type PLATFORM -o json | jq -r .secretKey | pass insert -e billing',
      ),
    )
    .action(async (appId: string, options: { type: string }) =>
      (await deeds()).createCredential(session, appId, options.type),
    );

  credential
    .command('list <appId>')
    .description('the key pairs of an account, oldest first, their secrets masked')
    .addHelpText('after', examples('claviger credential list billing'))
    .action(async (appId: string) => (await deeds()).listCredentials(session, appId));

  credential
    .command('enable <appId> <accessKey>')
    .description('make a disabled key good again')
    .addHelpText('after', examples('claviger credential enable billing cak_...'))
    .action(async (appId: string, accessKey: string) =>
      (await deeds()).changeCredentialStatus(session, appId, accessKey, 'ENABLE'),
    );

  credential
    .command('disable <appId> <accessKey>')
    .description('the emergency brake: the key is no longer good, and can be enabled again')
    .addHelpText('after', examples('claviger credential disable billing cak_...'))
    .action(async (appId: string, accessKey: string) =>
      (await deeds()).changeCredentialStatus(session, appId, accessKey, 'DISABLE'),
    );

  credential
    .command('delete <appId> <accessKey>')
    .description('delete a key pair, but never the last of its type')
    .addHelpText('after', examples('claviger credential delete billing cak_... --yes'))
    .action(async (appId: string, accessKey: string) => (await deeds()).deleteCredential(session, appId, accessKey));

  credential
    .command('check <accessKey>')
    .description('tell whether a key pair is good right now; the secret comes from stdin, or is asked for')
    .option('--app <appId>', 'and belongs to this account')
    .option('--type <type>', 'and is of this type: PLATFORM or AUTHORIZATION_CODE')
    .addHelpText(
      'after',
      examples('claviger credential check cak_...', 'claviger credential check cak_... --app billing < secret.txt'),
    )
    .action(async (accessKey: string, options: CheckOptions) =>
      (await deeds()).checkCredential(session, accessKey, options),
    );
}
