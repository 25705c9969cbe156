import type { Command } from 'commander';
import type { Session } from '../session.js';
import type { CheckOptions, CreateOptions, RotateOptions } from './credentials.js';
import { examples } from './examples.js';

const EXPIRES_AT = 'when it expires, in ISO 8601, or never (default: as configured)';

/** What a person types about credentials; what is then done stands in credentials.ts and is loaded only then. */
export function credentialCommands(credential: Command, session: Session): void {
  const deeds = () => import('./credentials.js');

  credential
    .command('create <appId>')
    .description('make one more key pair; its secret is shown only this once')
    .requiredOption('--type <type>', 'PLATFORM or AUTHORIZATION_CODE')
    .option('--expires-at <time>', EXPIRES_AT)
    .addHelpText(
      'after',
      examples(
        'claviger credential create billing --type PLATFORM --expires-at 2030-01-31T00:00:00Z',
        'claviger credential create billing --type PLATFORM -o json | jq -r .secretKey | pass insert -e billing',
      ),
    )
    .action(async (appId: string, options: CreateOptions) => (await deeds()).createCredential(session, appId, options));

  credential
    .command('list <appId>')
    .description('the key pairs of an account, oldest first, their secrets masked')
    .addHelpText('after', examples('claviger credential list billing'))
    .action(async (appId: string) => (await deeds()).listCredentials(session, appId));

  rotationCommands(credential, session);

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

/** How one key takes another's place. */
function rotationCommands(credential: Command, session: Session): void {
  const deeds = () => import('./credentials.js');

  credential
    .command('rotate <appId> <accessKey>')
    .description(
      'put a new key pair beside an old one, which stays good for a while; its secret is shown only this once',
    )
    .option(
      '--overlap <duration>',
      'how long the old key stays good, or has to be quiet, such as 90s, 12h or 7d (default: 24h)',
    )
    .option(
      '--retire <how>',
      'when the old key goes: at (when the overlap is over), after-idle (when it was not used for so long) or manual (default: at)',
    )
    .option('--expires-at <time>', `of the new key: ${EXPIRES_AT}`)
    .addHelpText(
      'after',
      examples(
        'claviger credential rotate billing cak_...',
        'claviger credential rotate billing cak_... --retire after-idle --overlap 7d',
      ),
    )
    .action(async (appId: string, accessKey: string, options: RotateOptions) =>
      (await deeds()).rotateCredential(session, appId, accessKey, options),
    );

  credential
    .command('rotation <appId> <accessKey>')
    .description('tell whether the old key of a rotation is still used, and when last')
    .addHelpText('after', examples('claviger credential rotation billing cak_...'))
    .action(async (appId: string, accessKey: string) => (await deeds()).showRotation(session, appId, accessKey));

  credential
    .command('rollback <appId> <accessKey>')
    .description('take a rotation back while the old key lives: it stays, and the new one is deleted')
    .addHelpText('after', examples('claviger credential rollback billing cak_...'))
    .action(async (appId: string, accessKey: string) => (await deeds()).rollBackRotation(session, appId, accessKey));
}
