import { platform, type Platform } from '@claviger/application';
import type { Clock, JobRunner, RequestLimit } from '@claviger/domain';
import type { Database } from '@claviger/persistence';
import { ConfigError } from './config-error.js';
import type { Config } from './config-keys.js';
import { credentialPolicy } from './credential-policy.js';
import { databaseOptions, refusedBy } from './database.js';
import { cookieKeyFrom, openKeys } from './keys.js';
import { openLimits, UNLIMITED } from './limits.js';
import type { Log } from './log.js';
import { openMessenger } from './messenger.js';
import { writeRegularly } from './write-regularly.js';

export interface OpenPlatform {
  readonly platform: Platform;
  /** Null: callers may ask for as much as they like. */
  readonly requests: RequestLimit | null;
  /** Under which the authorization server signs its cookies. */
  readonly oauthCookieKey: string;
  /** What the worker does for everybody. */
  readonly jobs: JobRunner;
  /** @throws database_unavailable when the database or its migrations are not there. */
  readonly ping: () => Promise<void>;
  /** Lets the units of work in hand end, and writes down what was only noted. */
  readonly close: () => Promise<void>;
}

/**
 * The platform as it is configured: the only place where ports meet adapters. Waits for a database that is away.
 * @param told.guarded false where no stranger authenticates: then nothing is counted, kept or loaded for it
 * @param told.onPropagation told how many milliseconds each change of others took to become known here; PostgreSQL alone
 * @param told.clock the system's unless given
 * @throws ConfigError, DatabaseRefused
 */
export async function openPlatform(
  config: Config,
  log?: Log,
  {
    guarded = true,
    onPropagation = () => undefined,
    clock,
  }: { guarded?: boolean; onPropagation?: (ms: number) => void; clock?: Clock } = {},
): Promise<OpenPlatform> {
  const policy = credentialPolicy(config);
  // Loaded by those who open a platform: help and a refused configuration need no database library.
  const [persistence, crypto] = await Promise.all([import('@claviger/persistence'), import('@claviger/crypto')]);
  log?.debug('opening the database');
  const database = await persistence
    .openDatabase({ ...databaseOptions(config), keeping: guarded, onPropagation })
    .catch(refusedBy(persistence));
  if (database.migrated.length > 0)
    log?.info({ migrations: database.migrated }, 'the schema of the database was brought up to date');
  try {
    const { peppers, accessTokenSecret } = await openKeys(config, process.cwd());
    const secrets = crypto.pepperedSecrets(peppers);
    const bearerSecrets = crypto.hmacBearerSecrets(accessTokenSecret);
    await demandFittingPeppers(database, secrets.pepperIds);
    await warnOfAnotherSecret(database, bearerSecrets.secretId, log);
    const limits = guarded ? await openLimits(config, accessTokenSecret, log) : UNLIMITED;
    const { accounts, users, tokens, sessions, webhooks, audit, oauth, signingKeys, unitOfWork } = database;
    const messenger = openMessenger(config);
    const opened = platform({
      accounts,
      users,
      tokens,
      sessions,
      webhooks,
      audit,
      oauth,
      signingKeys,
      unitOfWork,
      secrets,
      bearerSecrets,
      vault: crypto.boxedSecrets(peppers),
      keyMaker: crypto.rsaKeyMaker,
      digest: crypto.systemDigest,
      messenger,
      passwords: crypto.argon2Passwords(),
      failures: limits.failures,
      ids: crypto.systemIds,
      clock: clock ?? crypto.systemClock,
      policy,
    });
    const notes = writeRegularly(opened.writeNotes, log);
    return {
      platform: opened,
      requests: limits.requests,
      oauthCookieKey: cookieKeyFrom(accessTokenSecret),
      jobs: database.jobs,
      ping: () => database.ping(),
      close: async () => {
        await notes.stop();
        await messenger.close();
        await limits.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The installation's own records of the keys that are in use: names, not keys. */
const [PEPPER, SECRET] = ['auth.pepper', 'auth.accessToken.secret'];

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
  const last = inUse.every((id) => atHand.includes(id)) ? await database.installation.claim(PEPPER, newest) : null;
  if (last === null || !atHand.includes(last))
    throw new ConfigError(
      'auth.pepper does not fit the credentials of this database: give it the pepper they were made with, after newer ones ' +
        '(one that was not configured lies as pepper.key in the keys.dir of the machine that made it)',
    );
  if (last !== newest) await database.installation.replace(PEPPER, newest);
}

/** No reason to refuse: another secret is how all tokens are made illegal at once. But it should not happen unnoticed. */
async function warnOfAnotherSecret(database: Pick<Database, 'installation'>, atHand: string, log?: Log): Promise<void> {
  if ((await database.installation.claim(SECRET, atHand)) === atHand) return;
  await database.installation.replace(SECRET, atHand);
  log?.warn('auth.accessToken.secret is not the one of the last start: tokens and sessions made with that are illegal');
}
