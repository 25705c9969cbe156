import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseUserId } from '@claviger/domain';
import { anAccount, anAuthorization, anAuthorizationEvent, anEvent, aUser, aUserEvent } from '../builders.js';
import type { Database } from '../memory-database.js';
import { amend, given, recordsIn, type OpenEmpty } from './open-empty.js';

/** What every unit of work keeps. */
export function unitOfWorkContract(open: OpenEmpty): void {
  describe('a unit of work', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    test('gives what its work gave, once that can be read', async () => {
      const account = anAccount();
      const gave = await database.unitOfWork.run(async ({ accounts }) => {
        await accounts.add(account, anEvent('account.opened'));
        return 'done';
      });
      expect(gave).toBe('done');
      expect(await database.accounts.find(account.appId)).toEqual(account);
    });

    test('keeps nothing of a work that fails late, and passes its error on', async () => {
      const before = await given(database, { description: 'before' });
      const [account, user, cause] = [anAccount(), aUser(), new Error('late')];
      const failing = database.unitOfWork.run(async (stores) => {
        await stores.accounts.add(account, anEvent('account.opened'));
        await stores.users.add(user, aUserEvent());
        await stores.authorizations.put(
          anAuthorization({ userId: 'carol', accountId: account.id }),
          anAuthorizationEvent(),
        );
        await amend(stores, before, (found) => ({ ...found, description: 'after' }));
        throw cause;
      });
      await expect(failing).rejects.toBe(cause);
      expect(await database.accounts.list({}, { limit: 10, after: null })).toEqual([before]);
      expect(await database.accounts.count({ authorizedBy: parseUserId('carol') })).toBe(0);
      expect(await database.users.find(user.userId)).toBeNull();
      for (const { accessKey } of account.credentials)
        expect(await database.accounts.findByAccessKey(accessKey)).toBeNull();
      expect(await recordsIn(database)).toHaveLength(1);
    });

    test('runs beside others and mixes with none: the good ones are kept, nothing of the bad ones', async () => {
      const good = Array.from({ length: 10 }, () => anAccount());
      const bad = Array.from({ length: 10 }, () => anAccount());
      const outcomes = await Promise.allSettled(
        good.flatMap((account, i) => [
          database.unitOfWork.run(({ accounts }) => accounts.add(account, anEvent('account.opened'))),
          database.unitOfWork.run(async ({ accounts }) => {
            await accounts.add(bad[i] ?? account, anEvent('account.opened'));
            throw new Error('late');
          }),
        ]),
      );
      expect(outcomes.map(({ status }) => status)).toEqual(good.flatMap(() => ['fulfilled', 'rejected']));
      expect(await database.accounts.list({}, { limit: 100, after: null })).toEqual(good);
    });

    test('runs a work that fails once, a stale one too: to try again is up to its caller', async () => {
      const account = await given(database);
      let runs = 0;
      const late = database.unitOfWork.run(async ({ accounts }) => {
        runs += 1;
        await accounts.save({ ...account, version: 99 }, anEvent());
      });
      await expect(late).rejects.toMatchObject({ code: 'write_was_stale' });
      expect(runs).toBe(1);
    });
  });
}
