import type * as Persistence from '@claviger/persistence';
import type { DatabaseOptions, MigrationState } from '@claviger/persistence';
import type { Config } from './config-keys.js';
import { DatabaseRefused } from './database-refused.js';

/** Names of migrations, in order. */
export type DatabaseStatus = MigrationState;

/** Which migrations were run and which wait. Changes no schema. @throws DatabaseRefused */
export async function databaseStatus(config: Config): Promise<DatabaseStatus> {
  const persistence = await import('@claviger/persistence');
  return persistence.readDatabaseStatus(databaseOptions(config)).catch(refusedBy(persistence));
}

/** Brings the schema up to date, whatever `database.migrate` says. @throws DatabaseRefused */
export async function migrateDatabase(config: Config): Promise<DatabaseStatus> {
  const persistence = await import('@claviger/persistence');
  const database = await persistence
    .openDatabase({ ...databaseOptions(config), migrate: 'auto' })
    .catch(refusedBy(persistence));
  await database.close();
  return databaseStatus(config);
}

export function databaseOptions(config: Config): DatabaseOptions {
  return {
    url: config['database.url'],
    migrate: config['database.migrate'],
    startTimeout: config['database.startTimeout'],
    poolSize: config['database.poolSize'],
  };
}

/** The file of the database as it is configured; null when it is none. */
export function sqliteFile(config: Pick<Config, 'database.url'>): string | null {
  return /^sqlite:(?:\/\/)?(.+)$/.exec(config['database.url'])?.[1] ?? null;
}

/** The refusal in words that the edges can know without loading a database library. */
export function refusedBy({ DatabaseUnusable }: typeof Persistence): (error: unknown) => never {
  return (error) => {
    throw error instanceof DatabaseUnusable ? new DatabaseRefused(error.message) : error;
  };
}
