import type { Command } from 'commander';
import type { Session } from '../session.js';
import { examples } from './examples.js';
import type { RotateOptions } from './signing-keys.js';

/** What a person types about signing keys; what is then done stands in signing-keys.ts and is loaded only then. */
export function signingKeyCommands(signingKey: Command, session: Session): void {
  const deeds = () => import('./signing-keys.js');

  signingKey
    .command('list')
    .description('which key signs, which one waits, and which are still published; never the keys themselves')
    .addHelpText(
      'after',
      examples(
        'claviger signing-key list',
        'claviger signing-key list -o json | jq -r \'.[] | select(.state == "signing") | .id\'',
      ),
    )
    .action(async () => (await deeds()).listSigningKeys(session));

  signingKey
    .command('rotate')
    .description('make the next key before its time: it is published now and signs in two days')
    .option('--now', 'the key has leaked: the new one signs at once, and all others are withdrawn at once')
    .addHelpText('after', examples('claviger signing-key rotate', 'claviger signing-key rotate --now --yes'))
    .action(async (options: RotateOptions) => (await deeds()).rotateSigningKey(session, options));
}
