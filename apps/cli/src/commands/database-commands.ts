import type { Command } from 'commander';
import type { Session } from '../session.js';
import { examples } from './examples.js';

/** What a person types about the database; what is then done stands in database.ts and is loaded only then. */
export function databaseCommands(database: Command, session: Session): void {
  const deeds = () => import('./database.js');

  database
    .command('migrate')
    .description('bring the schema up to date, whatever database.migrate says')
    .addHelpText('after', examples('claviger database migrate'))
    .action(async () => (await deeds()).migrateDatabase(session));

  database
    .command('status')
    .description('which migrations were applied and which wait; changes nothing')
    .addHelpText('after', examples('claviger database status', 'claviger database status -o json | jq .pending'))
    .action(async () => (await deeds()).databaseStatus(session));
}
