import {
  issueCredential,
  parseAppId,
  PlatformError,
  withdrawCredential,
  type AccessKey,
  type Account,
  type AppId,
} from '@claviger/domain';
import { aCredentialEvent, anAccount, anEvent, aUser, aUserEvent } from './builders.js';
import { NEW_YEAR, numberedId, numberedKey } from './doubles.js';
import type { Database } from './memory-database.js';

/** What a race of creates was told: which accounts are on disk, and which were never to be. */
export interface CreatesOutcome {
  readonly acknowledged: readonly string[];
  readonly refused: readonly string[];
}

const AT_ONCE = 20;

/**
 * Rounds of 20 valid creates beside 20 that write everything and then fail.
 * @param racer a number of its own for each process, so that their accounts never meet
 */
export async function raceCreates(database: Database, racer: number, rounds: number): Promise<CreatesOutcome> {
  const acknowledged: string[] = [];
  const refused: string[] = [];
  for (let round = 0; round < rounds; round++) {
    const starting: Promise<void>[] = [];
    for (let i = 0; i < AT_ONCE; i++) {
      const number = (racer * 1_000 + round) * 1_000 + i;
      const [good, bad] = [numbered(`good-${number}`, number * 2), numbered(`bad-${number}`, number * 2 + 1)];
      starting.push(create(database, good, acknowledged), createAndFail(database, bad, refused));
    }
    await Promise.all(starting);
  }
  return { acknowledged, refused };
}

async function create(
  database: Database,
  account: Account,
  acknowledged: { push(appId: string): void },
): Promise<void> {
  await database.unitOfWork.run(async ({ accounts }) => {
    if (await accounts.find(account.appId)) throw new Error(`${account.appId} is there before its time`);
    await accounts.add(account, anEvent('account.opened'));
  });
  acknowledged.push(account.appId);
}

async function createAndFail(database: Database, account: Account, refused: string[]): Promise<void> {
  const user = aUser({ userId: account.appId });
  const failing = database.unitOfWork.run(async ({ accounts, users }) => {
    await accounts.add(account, anEvent('account.opened'));
    await users.add(user, aUserEvent());
    await accounts.save({ ...account, description: 'nearly' }, anEvent());
    throw new Error('late');
  });
  await failing.catch(() => refused.push(account.appId));
}

/** Creates accounts one after another and tells of each once it is acknowledged; ends when its process does. */
export async function createForEver(database: Database, racer: number, tell: (appId: string) => void): Promise<never> {
  for (let i = 0; ; i++) {
    const number = racer * 1_000_000 + i;
    await create(database, numbered(`good-${number}`, number * 2), { push: tell });
  }
}

/** What is wrong with the database after that race, in sentences; nothing when all is as it was told. */
export async function findDamage(database: Database, outcomes: readonly CreatesOutcome[]): Promise<readonly string[]> {
  const damage: string[] = [];
  for (const appId of outcomes.flatMap(({ acknowledged }) => acknowledged)) {
    const account = await database.accounts.find(parseAppId(appId));
    if (!account) damage.push(`${appId} was acknowledged and is not there`);
    else if (account.credentials.length !== 2 || account.version !== 1) damage.push(`${appId} is half done`);
  }
  for (const appId of outcomes.flatMap(({ refused }) => refused)) {
    if (await database.accounts.find(parseAppId(appId))) damage.push(`${appId} failed and is there`);
    if (await database.users.find(aUser({ userId: appId }).userId)) damage.push(`the user of ${appId} is there`);
  }
  return damage;
}

function numbered(appId: string, number: number): Account {
  const types = ['PLATFORM', 'AUTHORIZATION_CODE'] as const;
  const credentials = types.map((type, i) => issueCredential(numberedKey(number * 2 + i), type, NEW_YEAR));
  return anAccount({ id: numberedId(number), appId, grantTypes: types, credentials });
}

/** Withdraws a credential as a use case does, by the rules of the domain. */
export async function withdraw(
  database: Database,
  appId: AppId,
  accessKey: AccessKey,
): Promise<'withdrawn' | PlatformError['code']> {
  try {
    await database.unitOfWork.run(async ({ accounts }) => {
      const account = await accounts.find(appId);
      if (!account) throw new PlatformError('account_missing');
      const because = aCredentialEvent('credential.withdrawn', { accessKey, grantType: 'PLATFORM' });
      await accounts.save(withdrawCredential(account, accessKey, NEW_YEAR), because);
    });
    return 'withdrawn';
  } catch (error) {
    if (error instanceof PlatformError) return error.code;
    throw error;
  }
}
