import type { Command } from 'commander';
import type { Session } from '../session.js';
import type { AccountOptions, CreateAccountOptions, ListAccountsOptions } from './accounts.js';
import { examples } from './examples.js';
import { wholeNumber, words } from './option-values.js';

/** What a person types about accounts; what is then done stands in accounts.ts and is loaded only then. */
export function accountCommands(account: Command, session: Session): void {
  const deeds = () => import('./accounts.js');

  stated(account.command('create <appId>'), true)
    .description('open an account with one key pair for each grant type')
    .option('--owner <userId>', 'who it belongs to (default: admin)')
    .addHelpText(
      'after',
      examples(
        'claviger account create billing --grant PLATFORM --scope SYSTEM',
        'claviger account create wiki --grant AUTHORIZATION_CODE --scope PROJECT REPO \\\n' +
          '      --homepage-url https://wiki.example --redirect-uri https://wiki.example/back --owner alice',
      ),
    )
    .action(async (appId: string, options: CreateAccountOptions) =>
      (await deeds()).createAccount(session, appId, options),
    );

  account
    .command('list')
    .description('all accounts, or those that the options choose, in order of creation')
    .option('--owner <userId>', 'only those of this owner')
    .option('--grant <type>', 'only those with this grant type')
    .option('--scope <scope>', 'only those with this scope')
    .addOption(account.createOption('--locked', 'only locked ones').conflicts('unlocked'))
    .option('--unlocked', 'only those that are not locked')
    .option('--search <text>', 'only those with this text in app id or description')
    .option('--expiring-within <duration>', 'only those with an enabled key that expires so soon, such as 7d')
    .option('--unused-since <time>', 'only those with a key that is older and was not used since; ISO 8601')
    .option('--never-used', 'only those with a key that was never used')
    .option('--limit <count>', 'at most so many', wholeNumber)
    .option('--cursor <cursor>', 'go on where a list with --limit ended')
    .addHelpText(
      'after',
      examples(
        'claviger account list',
        'claviger account list --owner alice --unlocked -o json',
        'claviger account list --expiring-within 30d',
      ),
    )
    .action(async (options: ListAccountsOptions) => (await deeds()).listAccounts(session, options));

  account
    .command('show <appId>')
    .description('one account with its credentials')
    .addHelpText('after', examples('claviger account show billing'))
    .action(async (appId: string) => (await deeds()).showAccount(session, appId));

  stated(account.command('update <appId>'), false)
    .description('change what is given and leave the rest; an empty text takes a value away')
    .addHelpText(
      'after',
      examples(
        "claviger account update billing --description 'Bills and reminders'",
        'claviger account update billing --grant PLATFORM AUTHORIZATION_CODE --scope PROJECT \\\n' +
          '      --homepage-url https://billing.example --redirect-uri https://billing.example/back',
      ),
    )
    .action(async (appId: string, options: AccountOptions) => (await deeds()).updateAccount(session, appId, options));

  account
    .command('lock <appId>')
    .description('none of its keys is good while it is locked')
    .addHelpText('after', examples('claviger account lock billing'))
    .action(async (appId: string) => (await deeds()).lockAccount(session, appId, true));

  account
    .command('unlock <appId>')
    .description('take the lock away')
    .addHelpText('after', examples('claviger account unlock billing'))
    .action(async (appId: string) => (await deeds()).lockAccount(session, appId, false));

  account
    .command('delete <appId>')
    .description('delete an account with all of its credentials')
    .addHelpText('after', examples('claviger account delete billing', 'claviger account delete billing --yes'))
    .action(async (appId: string) => (await deeds()).deleteAccount(session, appId));

  account
    .command('transfer <appId>')
    .description('give an account to another owner; its credentials stay as they are')
    .requiredOption('--owner <userId>', 'who it shall belong to')
    .addHelpText('after', examples('claviger account transfer billing --owner alice'))
    .action(async (appId: string, options: { owner: string }) =>
      (await deeds()).transferAccount(session, appId, options.owner),
    );
}

/** What can be stated about an account. */
function stated(command: Command, isNew: boolean): Command {
  const grant = command
    .createOption('--grant <type...>', 'PLATFORM, AUTHORIZATION_CODE or both')
    .makeOptionMandatory(isNew);
  return command
    .addOption(grant.argParser(words))
    .addOption(command.createOption('--scope <scope...>', 'any of SYSTEM, PROJECT, REPO, NODE').argParser(words))
    .option('--homepage-url <url>', 'where the application lives')
    .option('--redirect-uri <url>', 'where users are sent back to')
    .option('--avatar-url <url>', 'its picture')
    .option('--description <text>', 'what it is')
    .option('--locked', isNew ? 'locked from the beginning' : 'lock it');
}
