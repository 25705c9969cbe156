import {
  aCredential,
  anAccount,
  anEvent,
  findDamage,
  raceCreates,
  withdraw,
  type CreatesOutcome,
} from '@claviger/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../src/index.js';
import { startRacer, startRacers, type Racer } from './racers.js';

/** What must hold when many write at once, in this process and in others. Opening gives the address of a database of its own. */
export function racesOn(freshUrl: () => Promise<string>, rounds: number): void {
  describe('when many write at once', () => {
    let database: Database;
    let racers: readonly Racer[];
    let url: string;

    beforeAll(async () => {
      url = await freshUrl();
      racers = await startRacers(url, 2);
      database = await openDatabase({ url, migrate: 'auto', startTimeout: 10_000 });
    });

    afterAll(async () => {
      await Promise.all(racers.map((racer) => racer.end()));
      await database.close();
    });

    test('processes that open a new database together migrate it once', () => {
      expect(racers.filter(({ migrated }) => migrated.length > 0)).toHaveLength(1);
      expect(database.migrated).toEqual([]);
    });

    test('in one process, every acknowledged create is there and nothing of those that failed', async () => {
      const outcome = await raceCreates(database, 0, rounds);
      expect(outcome.acknowledged).toHaveLength(20 * rounds);
      expect(outcome.refused).toHaveLength(20 * rounds);
      expect(await findDamage(database, [outcome])).toEqual([]);
      expect(await database.accounts.count({})).toBe(20 * rounds);
    });

    test('in two processes, every acknowledged create is there and nothing of those that failed', async () => {
      const outcomes = await Promise.all(racers.map((racer) => racer.ask<CreatesOutcome>({ task: 'creates', rounds })));
      for (const { acknowledged, refused } of outcomes) {
        expect(acknowledged).toHaveLength(20 * rounds);
        expect(refused).toHaveLength(20 * rounds);
      }
      expect(await findDamage(database, outcomes)).toEqual([]);
      expect(await database.accounts.count({})).toBe(3 * 20 * rounds);
    });

    test('a process that is killed leaves every create that it acknowledged, and none by half', async () => {
      const before = await database.accounts.count({});
      const killed = [11, 12, 13];
      const acknowledged: string[] = [];
      for (const racer of killed) {
        const doomed = await startRacer(url, racer);
        acknowledged.push(...(await doomed.askAndKill({ task: 'createForEver' }, 25)));
      }
      expect(acknowledged.length).toBeGreaterThanOrEqual(25 * killed.length);
      expect(await findDamage(database, [{ acknowledged, refused: [] }])).toEqual([]);
      // Of each process one more may be on disk than it had time to tell of.
      const untold = (await database.accounts.count({})) - before - acknowledged.length;
      expect(untold).toBeLessThanOrEqual(killed.length);
      for (const account of await database.accounts.list({}, { limit: 10_000, after: null }))
        expect(account.credentials).toHaveLength(2);
    });

    test('of two who withdraw the last two credentials of a type, one succeeds, in one process', async () => {
      for (let round = 0; round < rounds; round++) {
        const { appId, credentials } = await twoCredentials(database);
        const outcomes = await Promise.all(credentials.map(({ accessKey }) => withdraw(database, appId, accessKey)));
        expect(outcomes.toSorted()).toEqual(['credential_is_last', 'withdrawn']);
        expect((await database.accounts.find(appId))?.credentials).toHaveLength(1);
      }
    });

    test('of two who withdraw the last two credentials of a type, one succeeds, in two processes', async () => {
      for (let round = 0; round < rounds; round++) {
        const { appId, credentials } = await twoCredentials(database);
        const outcomes = await Promise.all(
          racers.map((racer, i) =>
            racer.ask<string>({ task: 'withdraw', appId, accessKey: credentials[i]?.accessKey }),
          ),
        );
        expect(outcomes.toSorted()).toEqual(['credential_is_last', 'withdrawn']);
        expect((await database.accounts.find(appId))?.credentials).toHaveLength(1);
      }
    });
  });
}

async function twoCredentials(database: Database) {
  const account = anAccount({ credentials: [aCredential(), aCredential()] });
  await database.unitOfWork.run(({ accounts }) => accounts.add(account, anEvent('account.opened')));
  return account;
}
