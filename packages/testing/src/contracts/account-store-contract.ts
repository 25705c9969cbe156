import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  changeCredentialStatus,
  parseAppId,
  type AccessKey,
  type Account,
  type Credential,
  type CredentialUse,
} from '@claviger/domain';
import { aCredential, anAccount, anAuthorization, anAuthorizationEvent, anEvent, aRotation } from '../builders.js';
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

    const note = (uses: ReadonlyMap<AccessKey, CredentialUse>) =>
      database.unitOfWork.run(({ accounts }) => accounts.noteUses(uses));

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

    test('saves what a rotation, a roll-back, a retirement and a warning change of a credential', async () => {
      const account = await given(database);
      const [plain] = account.credentials;
      if (!plain) throw new Error('The account has a credential.');
      const changes: Partial<Credential>[] = [
        { expiresAt: NEW_YEAR, superseded: aRotation({ retire: 'after-idle', expiresAtBefore: NEW_YEAR + 9 }) },
        { expiresAt: NEW_YEAR, superseded: aRotation() },
        { expiresAt: null, superseded: null },
        { warnedOfExpiry: 7 },
        { warnedOfExpiry: null },
      ];
      for (const change of changes) {
        const credentials = [{ ...plain, ...change }];
        await database.unitOfWork.run((stores) => amend(stores, account, (found) => ({ ...found, credentials })));
        expect((await database.accounts.find(account.appId))?.credentials).toEqual(credentials);
      }
    });

    test('notes when credentials were last used, never back in time, not for keys that are gone, and nothing else', async () => {
      const account = await given(database, {
        credentials: [
          aCredential(),
          aCredential({ lastUsedAt: 1_000, lastUsedFrom: '::1' }),
          aCredential({ lastUsedAt: 9_000, lastUsedFrom: '::9' }),
          aCredential({ lastUsedAt: 5_000, lastUsedFrom: '::5' }),
          aCredential({ lastUsedFrom: '::1' }),
          aCredential(),
        ],
      });
      const [never, before, after, same, unknown, idle] = account.credentials;
      if (!never || !before || !after || !same || !unknown || !idle) throw new Error('The account has six.');
      const other = await given(database);
      const use: CredentialUse = { at: 5_000, from: '192.0.2.1' };
      const uses = new Map<AccessKey, CredentialUse>(
        [never, before, after, same, aCredential()].map(({ accessKey }) => [accessKey, use]),
      );
      await note(
        new Map<AccessKey, CredentialUse>([...uses, [unknown.accessKey, { at: Date.UTC(2255, 5, 6), from: null }]]),
      );
      const used = { lastUsedAt: 5_000, lastUsedFrom: '192.0.2.1' };
      expect(await database.accounts.find(account.appId)).toEqual({
        ...account,
        credentials: [
          { ...never, ...used },
          { ...before, ...used },
          after,
          same,
          { ...unknown, lastUsedAt: Date.UTC(2255, 5, 6), lastUsedFrom: null },
          idle,
        ],
      });
      expect(await database.accounts.find(other.appId)).toEqual(other);
      await note(new Map());
    });

    test('notes the uses of more credentials than one statement can name', async () => {
      const credentials = Array.from({ length: 2_500 }, () => aCredential());
      const [first, last] = [credentials.at(0), credentials.at(-1)];
      if (!first || !last) throw new Error('There are credentials.');
      const account = await given(database, { credentials: [first, last] });
      await note(new Map(credentials.map(({ accessKey }) => [accessKey, { at: NEW_YEAR, from: '::1' }])));
      const used = { lastUsedAt: NEW_YEAR, lastUsedFrom: '::1' };
      expect((await database.accounts.find(account.appId))?.credentials).toEqual([
        { ...first, ...used },
        { ...last, ...used },
      ]);
    });

    test('takes no use back that was noted since the account was read', async () => {
      const account = await given(database);
      const [credential] = account.credentials;
      if (!credential) throw new Error('The account has a credential.');
      await note(new Map([[credential.accessKey, { at: NEW_YEAR, from: '::1' }]]));
      const changed = changeCredentialStatus(account, credential.accessKey, DISABLE);
      await database.unitOfWork.run(({ accounts }) => accounts.save(changed, anEvent()));
      expect((await database.accounts.find(account.appId))?.credentials).toEqual([
        { ...credential, status: 'DISABLE', lastUsedAt: NEW_YEAR, lastUsedFrom: '::1' },
      ]);
    });

    test('notes the uses of the same credentials for many at once, whoever names them in which order', async () => {
      const account = await given(database, { credentials: Array.from({ length: 1_200 }, () => aCredential()) });
      const forwards = account.credentials.map(({ accessKey }) => accessKey);
      const noting = Array.from({ length: 8 }, (_, i) => {
        const keys = i % 2 ? forwards : forwards.toReversed();
        return note(new Map(keys.map((key) => [key, { at: i * 60_000, from: `::${i}` }])));
      });
      await Promise.all(noting);
      const kept = (await database.accounts.find(account.appId))?.credentials ?? [];
      expect(new Set(kept.map(({ lastUsedAt, lastUsedFrom }) => `${lastUsedAt} ${lastUsedFrom}`))).toEqual(
        new Set([`${7 * 60_000} ::7`]),
      );
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
