import { platform, type Platform } from '@claviger/application';
import type { Database } from '@claviger/persistence';
import { ConfigError } from './config-error.js';
import type { Config } from './config-keys.js';
import { databaseOptions, refusedBy } from './database.js';
import { openKeys } from './keys.js';
import type { Log } from './log.js';

export interface OpenPlatform {
  readonly platform: Platform;
  /** @throws database_unavailable when the database or its migrations are not there. */
  readonly ping: () => Promise<void>;
  /** Lets the units of work in hand end. */
  readonly close: () => Promise<void>;
}

/**
 * The platform as it is configured: the only place where ports meet adapters. Waits for a database that is away.
 * @throws ConfigError, DatabaseRefused
 */
export async function openPlatform(config: Config, log?: Log): Promise<OpenPlatform> {
  // Loaded by those who open a platform: help and a refused configuration need no database library.
  const [persistence, crypto] = await Promise.all([import('@claviger/persistence'), import('@claviger/crypto')]);
  log?.debug('opening the database');
  const database = await persistence.openDatabase(databaseOptions(config)).catch(refusedBy(persistence));
  if (database.migrated.length > 0)
    log?.info({ migrations: database.migrated }, 'the schema of the database was brought up to date');
  try {
    const secrets = crypto.pepperedSecrets((await openKeys(config, process.cwd())).peppers);
    await demandFittingPeppers(database, secrets.pepperIds);
    const { accounts, users, unitOfWork } = database;
    return {
      platform: platform({
        accounts,
        users,
        unitOfWork,
        secrets,
        passwords: crypto.argon2Passwords(),
        ids: crypto.systemIds,
        clock: crypto.systemClock,
      }),
      ping: () => database.ping(),
      close: () => database.close(),
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The installation's own record of the pepper that its newest secrets are sealed with; a name, not the pepper. */
const RECORD = 'auth.pepper';

/**
 * With other peppers every stored secret would be wrong, and every new one wrong on the other machines. So each start
 * compares: all peppers in use are at hand, and so is the newest of whoever started last.
 */
async function demandFittingPeppers(
  database: Pick<Database, 'installation' | 'pepperIdsInUse'>,
  atHand: readonly string[],
): Promise<void> {
  const [newest] = atHand;
  if (newest === undefined) throw new ConfigError('auth.pepper is empty');
  const inUse = await database.pepperIdsInUse();
  const last = inUse.every((id) => atHand.includes(id)) ? await database.installation.claim(RECORD, newest) : null;
  if (last === null || !atHand.includes(last))
    throw new ConfigError(
      'auth.pepper does not fit the credentials of this database: give it the pepper they were made with, after newer ones ' +
        '(one that was not configured lies as pepper.key in the keys.dir of the machine that made it)',
    );
  if (last !== newest) await database.installation.replace(RECORD, newest);
}
