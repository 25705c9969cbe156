import type { Command } from 'commander';
import type { Session } from '../session.js';
import { examples } from './examples.js';
import type { CreateUserOptions, PasswordOptions, UserOptions } from './users.js';

/** What a person types about users; what is then done stands in users.ts and is loaded only then. */
export function userCommands(user: Command, session: Session): void {
  const deeds = () => import('./users.js');

  user
    .command('create <userId>')
    .description('register a user; without a password they cannot log in')
    .option('--admin', 'who may do everything')
    .option('--name <text>', 'how people call them')
    .option('--password-stdin', 'read the password from stdin, or ask for it on a terminal')
    .addHelpText(
      'after',
      examples(
        'claviger user create alice --name "Alice Li"',
        'claviger user create root --admin --password-stdin < password.txt',
      ),
    )
    .action(async (userId: string, options: CreateUserOptions) => (await deeds()).createUser(session, userId, options));

  user
    .command('list')
    .description('all users, by user id')
    .addHelpText(
      'after',
      examples('claviger user list', "claviger user list -o json | jq -r '.[] | select(.admin) | .userId'"),
    )
    .action(async () => (await deeds()).listUsers(session));

  user
    .command('show <userId>')
    .description('one user')
    .addHelpText('after', examples('claviger user show alice'))
    .action(async (userId: string) => (await deeds()).showUser(session, userId));

  user
    .command('update <userId>')
    .description('change what is given and leave the rest')
    .option('--admin', 'who may do everything from now on')
    .option('--no-admin', 'no longer; but one admin stays')
    .option('--name <text>', 'how people call them; an empty text takes the name away')
    .addHelpText(
      'after',
      examples('claviger user update alice --admin', 'claviger user update alice --name "Alice Wang"'),
    )
    .action(async (userId: string, options: UserOptions) => (await deeds()).updateUser(session, userId, options));

  user
    .command('passwd <userId>')
    .description('set a new password')
    .option('--password-stdin', 'read it from stdin; without this option it is asked for on the terminal')
    .addHelpText(
      'after',
      examples('claviger user passwd alice', 'claviger user passwd alice --password-stdin < password.txt'),
    )
    .action(async (userId: string, options: PasswordOptions) =>
      (await deeds()).changePassword(session, userId, options),
    );

  user
    .command('lock <userId>')
    .description('nobody can call as a locked user')
    .addHelpText('after', examples('claviger user lock alice'))
    .action(async (userId: string) => (await deeds()).lockUser(session, userId, true));

  user
    .command('unlock <userId>')
    .description('take the lock away')
    .addHelpText('after', examples('claviger user unlock alice'))
    .action(async (userId: string) => (await deeds()).lockUser(session, userId, false));

  user
    .command('delete <userId>')
    .description('delete a user; the accounts they own stay')
    .addHelpText('after', examples('claviger user delete alice', 'claviger user delete alice --yes'))
    .action(async (userId: string) => (await deeds()).deleteUser(session, userId));
}
