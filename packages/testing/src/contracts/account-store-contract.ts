import { beforeEach, describe, expect, test } from '@jest/globals';
import { changeCredentialStatus, parseAppId, type Account } from '@claviger/domain';
import { aCredential, anAccount, anAuthorization, anAuthorizationEvent, anEvent } from '../builders.js';
import { NEW_YEAR } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { amend, given, type OpenEmpty } from './open-empty.js';

const DISABLE = { status: 'DISABLE', mostLive: 5, now: NEW_YEAR + 5 } as const;

/** What every store of accounts keeps. */
export function accountStoreContract(open: OpenEmpty): void {
  describe('a store of accounts', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    test('sees its own writes', async () => {
      const account = anAccount();
      await database.unitOfWork.run(async ({ accounts }) => {
        expect(await accounts.find(account.appId)).toBeNull();
        await accounts.add(account, anEvent('account.opened'));
        expect(await accounts.find(account.appId)).toEqual(account);
        await accounts.save({ ...account, description: 'new' }, anEvent());
        const saved = { ...account, description: 'new', version: 2 };
        expect(await accounts.find(account.appId)).toEqual(saved);
        await accounts.remove(saved, anEvent('account.deleted'));
        expect(await accounts.find(account.appId)).toBeNull();
      });
    });

    test('finds an account by its appId in any letter case', async () => {
      const account = await given(database, { appId: 'Billing' });
      await database.unitOfWork.run(async ({ accounts }) => {
        expect(await accounts.find(parseAppId('bILLING'))).toEqual(account);
      });
    });

    test('keeps an account that it found from being changed by others until the unit ends', async () => {
      const account = await given(database, { description: '' });
      const letters = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
      await Promise.all(
        letters.map((letter) =>
          database.unitOfWork.run((stores) =>
            amend(stores, account, (found) => ({ ...found, description: found.description + letter })),
          ),
        ),
      );
      const kept = await database.accounts.find(account.appId);
      expect(kept?.description?.split('').toSorted()).toEqual(letters);
      expect(kept?.version).toBe(1 + letters.length);
    });

    test('refuses an appId that is taken in any letter case, and keeps nothing of the refused account', async () => {
      const first = await given(database, { appId: 'Billing' });
      const second = anAccount({ appId: 'bILLING' });
      const adding = database.unitOfWork.run(({ accounts }) => accounts.add(second, anEvent('account.opened')));
      await expect(adding).rejects.toMatchObject({ code: 'account_exists' });
      expect(await database.accounts.list({}, { limit: 10, after: null })).toEqual([first]);
      for (const { accessKey } of second.credentials)
        expect(await database.accounts.findByAccessKey(accessKey)).toBeNull();
    });

    test('lets one of many concurrent writers have an appId', async () => {
      const rivals = ['billing', 'Billing', 'BILLING', 'billinG', 'bILLING'].map((appId) => anAccount({ appId }));
      const outcomes = await Promise.allSettled(
        rivals.map((rival) =>
          database.unitOfWork.run(({ accounts }) => accounts.add(rival, anEvent('account.opened'))),
        ),
      );
      const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
      expect(refused.map(({ reason }) => (reason as { code: string }).code)).toEqual(Array(4).fill('account_exists'));
      const winner = rivals[outcomes.findIndex(({ status }) => status === 'fulfilled')];
      expect(await database.accounts.list({}, { limit: 10, after: null })).toEqual([winner]);
    });

    test('saves an account with its version counted up', async () => {
      const account = await given(database, { grantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'] });
      const [kept, changed] = account.credentials;
      if (!kept || !changed) throw new Error('The account has two credentials.');
      const wanted: Account = {
        ...changeCredentialStatus(account, changed.accessKey, DISABLE),
        locked: true,
        scope: ['NODE'],
        homepageUrl: 'https://other.example/',
        avatarUrl: '/logo.png',
        description: 'Other',
      };
      await database.unitOfWork.run(({ accounts }) => accounts.save(wanted, anEvent()));
      expect(await database.accounts.find(account.appId)).toEqual({ ...wanted, version: 2 });
    });

    test('saves exactly the credentials that the account has: new ones come, missing ones go', async () => {
      const account = await given(database, { credentials: [aCredential(), aCredential(), aCredential()] });
      const [, gone, ...rest] = account.credentials;
      const credentials = [
        ...account.credentials.filter((credential) => credential !== gone),
        aCredential(),
        aCredential(),
      ];
      await database.unitOfWork.run(({ accounts }) => accounts.save({ ...account, credentials }, anEvent()));
      expect(rest).toHaveLength(1);
      expect((await database.accounts.find(account.appId))?.credentials).toEqual(credentials);
    });

    test('refuses to save or remove any but the stored version', async () => {
      const account = await given(database);
      const run = (work: (account: Account) => Account, what: 'save' | 'remove') =>
        database.unitOfWork.run(({ accounts }) => accounts[what](work(account), anEvent()));
      await run((found) => ({ ...found, description: 'first' }), 'save');
      for (const what of ['save', 'remove'] as const) {
        await expect(run((found) => ({ ...found, description: 'late' }), what)).rejects.toMatchObject({
          code: 'write_was_stale',
        });
        await expect(run((found) => ({ ...found, version: 3 }), what)).rejects.toMatchObject({
          code: 'write_was_stale',
        });
      }
      expect(await database.accounts.find(account.appId)).toEqual({ ...account, description: 'first', version: 2 });
    });

    test('refuses to save or remove an account that is gone', async () => {
      const account = await given(database);
      await database.unitOfWork.run(({ accounts }) => accounts.remove(account, anEvent('account.deleted')));
      for (const what of ['save', 'remove'] as const) {
        const late = database.unitOfWork.run(({ accounts }) => accounts[what](account, anEvent()));
        await expect(late).rejects.toMatchObject({ code: 'write_was_stale' });
      }
    });

    test('removes an account with its credentials and its authorizations, and of others nothing', async () => {
      const [leaving, staying] = [await given(database), await given(database)];
      const word = ({ id }: Account) => anAuthorization({ userId: 'carol', accountId: id });
      await database.unitOfWork.run(async ({ authorizations }) => {
        await authorizations.put(word(leaving), anAuthorizationEvent());
        await authorizations.put(word(staying), anAuthorizationEvent());
      });
      await database.unitOfWork.run(({ accounts }) => accounts.remove(leaving, anEvent('account.deleted')));

      expect(await database.accounts.list({}, { limit: 10, after: null })).toEqual([staying]);
      for (const { accessKey } of leaving.credentials)
        expect(await database.accounts.findByAccessKey(accessKey)).toBeNull();
      await database.unitOfWork.run(async ({ authorizations }) => {
        expect(await authorizations.find(word(leaving).userId, leaving.id)).toBeNull();
        expect(await authorizations.find(word(staying).userId, staying.id)).toEqual(word(staying));
      });
    });

    test('gives a removed appId to the next who asks', async () => {
      const first = await given(database, { appId: 'billing' });
      await database.unitOfWork.run(({ accounts }) => accounts.remove(first, anEvent('account.deleted')));
      const second = await given(database, { appId: 'Billing' });
      expect(await database.accounts.find(first.appId)).toEqual(second);
    });

    test('keeps the authorizations of an account that is saved', async () => {
      const account = await given(database);
      const word = anAuthorization({ userId: 'carol', accountId: account.id });
      await database.unitOfWork.run(async (stores) => {
        await stores.authorizations.put(word, anAuthorizationEvent());
        await amend(stores, account, (found) => ({ ...found, credentials: [aCredential()] }));
      });
      await database.unitOfWork.run(async ({ authorizations }) => {
        expect(await authorizations.find(word.userId, account.id)).toEqual(word);
      });
    });
  });
}
