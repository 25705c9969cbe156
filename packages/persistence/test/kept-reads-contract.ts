import { setTimeout as delay } from 'node:timers/promises';
import type { User, UserId } from '@claviger/domain';
import { aUser, aUserEvent } from '@claviger/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDatabase, type Database } from '../src/index.js';

const ALICE = 'alice' as UserId;

/** What holds for whatever is kept in memory, on both: two processes would do as these two do. */
export function keptReadsContract(
  freshUrl: () => Promise<string>,
  change: (url: string, statement: string) => Promise<void>,
): void {
  describe('what is kept of the database', () => {
    let url: string;
    let one: Database;
    let other: Database;
    beforeAll(async () => {
      url = await freshUrl();
      const open = () => openDatabase({ url, migrate: 'auto', startTimeout: 0, keeping: true });
      [one, other] = [await open(), await open()];
      await one.unitOfWork.run(({ users }) => users.add(aUser({ userId: ALICE }), aUserEvent('user.registered')));
    });
    afterAll(async () => {
      await Promise.all([one.close(), other.close()]);
    });

    /** The very same value comes back. */
    const isKept = async ({ users }: Database) => {
      const [first, second] = [await users.find(ALICE), await users.find(ALICE)];
      return first !== null && first === second;
    };
    const untilKept = async (database: Database) => {
      while (!(await isKept(database))) await delay(5);
    };
    const save = async (changed: Partial<User>) => {
      await one.unitOfWork.run(async ({ users }) => {
        const user = await users.find(ALICE);
        if (user) await users.save({ ...user, ...changed }, aUserEvent('user.amended'));
      });
    };
    /** Milliseconds until it is known there. */
    const knownAfter = async (database: Database, isTrue: (user: User) => boolean): Promise<number> => {
      const began = performance.now();
      for (;;) {
        const user = await database.users.find(ALICE);
        if (user && isTrue(user)) return performance.now() - began;
        await delay(1);
      }
    };

    test('is read once, for as long as nothing changes', async () => {
      for (const database of [one, other]) await untilKept(database);
    });

    test('is known to be another by whoever changed it, at once, and within a second by everybody else', async () => {
      for (let round = 0; round < 20; round++) {
        for (const database of [one, other]) await untilKept(database);
        await save({ name: `round ${round}` });
        expect((await one.users.find(ALICE))?.name).toBe(`round ${round}`);
        expect(await knownAfter(other, ({ name }) => name === `round ${round}`)).toBeLessThan(1_000);
      }
    });

    test('is read anew also when somebody changed it past us', async () => {
      await untilKept(other);
      await change(url, "UPDATE users SET locked = TRUE WHERE user_id = 'alice'");
      expect(await knownAfter(other, ({ locked }) => locked)).toBeLessThan(1_000);
    });

    test('is not what was read while it changed', async () => {
      for (let round = 0; round < 20; round++) {
        const name = `racing ${round}`;
        await Promise.all([save({ name }), one.users.find(ALICE), one.users.find(ALICE)]);
        expect((await one.users.find(ALICE))?.name).toBe(name);
      }
    });

    test('is nothing that is not there', async () => {
      expect(await other.users.find('bob' as UserId)).toBeNull();
      await one.unitOfWork.run(({ users }) => users.add(aUser({ userId: 'bob' }), aUserEvent('user.registered')));
      expect(await other.users.find('bob' as UserId)).not.toBeNull();
    });
  });
}
