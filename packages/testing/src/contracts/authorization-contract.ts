import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Account, Authorization } from '@claviger/domain';
import { anAccount, anAuthorization, anAuthorizationEvent } from '../builders.js';
import type { Database } from '../memory-database.js';
import { given, type OpenEmpty } from './open-empty.js';

/** What every store of authorizations keeps. */
export function authorizationContract(open: OpenEmpty): void {
  describe('a store of authorizations', () => {
    let database: Database;
    let account: Account;
    beforeEach(async () => {
      database = await open();
      account = await given(database);
    });

    test('keeps what one user granted one account', async () => {
      const word = anAuthorization({ userId: 'carol', accountId: account.id, scope: ['REPO', 'NODE'] });
      await database.unitOfWork.run(async ({ authorizations }) => {
        expect(await authorizations.find(word.userId, account.id)).toBeNull();
        await authorizations.put(word, anAuthorizationEvent());
        expect(await authorizations.find(word.userId, account.id)).toEqual(word);
      });
      await database.unitOfWork.run(async ({ authorizations }) => {
        expect(await authorizations.find(word.userId, account.id)).toEqual(word);
        expect(await authorizations.find(word.userId, anAccount().id)).toBeNull();
        expect(await authorizations.find(account.owner, account.id)).toBeNull();
      });
    });

    test('replaces what this user had granted this account before', async () => {
      const before = anAuthorization({ userId: 'carol', accountId: account.id, scope: ['REPO'] });
      const other = anAuthorization({ userId: 'dave', accountId: account.id, scope: ['REPO'] });
      const after = { ...before, scope: [], grantedAt: before.grantedAt + 5 };
      await database.unitOfWork.run(async ({ authorizations }) => {
        for (const word of [before, other, after]) await authorizations.put(word, anAuthorizationEvent());
        expect(await authorizations.find(before.userId, account.id)).toEqual(after);
        expect(await authorizations.find(other.userId, account.id)).toEqual(other);
      });
    });

    test('notes last uses, never back in time, not for what is gone, and no new word takes them back', async () => {
      const [carols, daves] = ['carol', 'dave'].map((userId) => anAuthorization({ userId, accountId: account.id }));
      if (!carols || !daves) throw new Error('There are two.');
      const put = (word: Authorization) =>
        database.unitOfWork.run(({ authorizations }) => authorizations.put(word, anAuthorizationEvent()));
      const note = (...uses: readonly [Pick<Authorization, 'userId' | 'accountId'>, number][]) =>
        database.unitOfWork.run(({ authorizations }) =>
          authorizations.noteUses(uses.map(([{ userId, accountId }, at]) => ({ userId, accountId, at }))),
        );
      const lastUse = async ({ userId }: Authorization) =>
        (await database.oauth.authorization(userId, account.id))?.lastUsedAt;
      await put(carols);
      await put(daves);
      await note([daves, 7], [carols, 5], [{ ...daves, accountId: anAccount().id }, 9]);
      expect([await lastUse(carols), await lastUse(daves)]).toEqual([5, 7]);
      await note([daves, 6], [carols, 8]);
      await put({ ...carols, scope: [] });
      expect([await lastUse(carols), await lastUse(daves)]).toEqual([8, 7]);
      await note();
    });

    test('removes one authorization, once', async () => {
      const word = anAuthorization({ userId: 'carol', accountId: account.id });
      await database.unitOfWork.run(({ authorizations }) => authorizations.put(word, anAuthorizationEvent()));
      const remove = () =>
        database.unitOfWork.run(({ authorizations }) =>
          authorizations.remove(word, anAuthorizationEvent('authorization.revoked')),
        );
      await remove();
      await database.unitOfWork.run(async ({ authorizations }) => {
        expect(await authorizations.find(word.userId, account.id)).toBeNull();
      });
      await expect(remove()).rejects.toMatchObject({ code: 'write_was_stale' });
    });

    test('refuses an authorization for an account that is gone', async () => {
      const word = anAuthorization({ userId: 'carol', accountId: anAccount().id });
      const late = database.unitOfWork.run(({ authorizations }) => authorizations.put(word, anAuthorizationEvent()));
      await expect(late).rejects.toMatchObject({ code: 'write_was_stale' });
    });
  });
}
