import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  changeCredentialStatus,
  parseAppId,
  parseUserId,
  type Account,
  type AccountFilter,
  type AppId,
  type Credential,
} from '@claviger/domain';
import {
  aCredential,
  aCredentialEvent,
  anAccount,
  anAuthorization,
  anAuthorizationEvent,
  anEvent,
  aRotation,
} from '../builders.js';
import { NEW_YEAR, numberedKey } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { amend, given, type OpenEmpty } from './open-empty.js';

const DISABLE = { status: 'DISABLE', mostLive: 5, now: NEW_YEAR + 5 } as const;

/** What every reader of accounts keeps. */
export function accountReaderContract(open: OpenEmpty): void {
  describe('a reader of accounts', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const appIds = async (filter: AccountFilter): Promise<string[]> =>
      (await database.accounts.list(filter, { limit: 100, after: null })).map(({ appId }) => appId);

    test('sees nothing of an open unit of work, and all of it once it is committed', async () => {
      const account = anAccount();
      await database.unitOfWork.run(async ({ accounts }) => {
        await accounts.add(account, anEvent('account.opened'));
        expect(await database.accounts.find(account.appId)).toBeNull();
        expect(await database.accounts.count({})).toBe(0);
      });
      expect(await database.accounts.find(account.appId)).toEqual(account);
      expect(await database.accounts.count({})).toBe(1);
    });

    test('finds an account by its appId in any letter case', async () => {
      const account = await given(database, { appId: 'Billing.App' });
      expect(await database.accounts.find(parseAppId('billing.aPP'))).toEqual(account);
      expect(await database.accounts.find(parseAppId('billing'))).toBeNull();
    });

    test('gives every field back as it was kept', async () => {
      const full = await given(database, {
        owner: 'bob@example.org',
        locked: true,
        grantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
        scope: ['SYSTEM', 'PROJECT', 'REPO', 'NODE'],
        homepageUrl: 'https://例え.example/?a=1&b=%20#top',
        redirectUri: 'http://[::1]:8080/back',
        avatarUrl: 'string',
        description: `O'Brien "says" \\ 50% _ ; --\n行政 🗝️`,
        credentials: [
          aCredential({ grantType: 'PLATFORM', status: 'DISABLE', expiresAt: Date.UTC(2286, 10, 21) }),
          aCredential({ grantType: 'AUTHORIZATION_CODE' }),
          aCredential({ lastUsedAt: Date.UTC(2255, 5, 6), lastUsedFrom: '2001:db8::1', superseded: aRotation() }),
          aCredential({ expiresAt: NEW_YEAR, warnedOfExpiry: 30 }),
          aCredential({
            superseded: aRotation({ retire: 'manual', overlap: 31_536_000_000, expiresAtBefore: NEW_YEAR }),
          }),
        ],
        createdAt: Date.UTC(2255, 5, 5),
        lastModifiedAt: Date.UTC(2255, 5, 6),
      });
      const bare = await given(database, { scope: [], description: null });
      expect(await database.accounts.find(full.appId)).toEqual(full);
      expect(await database.accounts.find(bare.appId)).toEqual(bare);
    });

    test('gives the holder of an access key: the credential, and of its account what calls are judged by', async () => {
      const account = await given(database, {
        grantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
        scope: ['REPO'],
        credentials: [
          aCredential({ expiresAt: NEW_YEAR, lastUsedAt: NEW_YEAR, lastUsedFrom: '::1', superseded: aRotation() }),
          aCredential({ expiresAt: NEW_YEAR, warnedOfExpiry: 1 }),
          aCredential({ grantType: 'AUTHORIZATION_CODE', superseded: aRotation({ expiresAtBefore: NEW_YEAR }) }),
          aCredential(),
        ],
      });
      const { appId, owner, locked, grantTypes, scope } = account;
      for (const credential of account.credentials) {
        const holder = await database.accounts.findByAccessKey(credential.accessKey);
        expect(holder).toEqual({ account: { appId, owner, locked, grantTypes, scope }, credential });
      }
      expect(await database.accounts.findByAccessKey(numberedKey(1).accessKey)).toBeNull();
    });

    test('gives all keys of an account with what calls are judged by, and knows at once when they change', async () => {
      const credentials = [
        aCredential({ createdAt: 1 }),
        aCredential({ createdAt: 2, grantType: 'AUTHORIZATION_CODE' }),
      ];
      const account = await given(database, { appId: 'Many', credentials });
      await given(database);
      const { appId, owner, locked, grantTypes, scope } = account;
      const holders = (held: readonly Credential[]) =>
        held.map((credential) => ({ account: { appId, owner, locked, grantTypes, scope }, credential }));
      const keys = () => database.accounts.findKeysOf('mANY' as AppId);
      expect(await keys()).toEqual(holders(account.credentials));

      const left = account.credentials.slice(1);
      await database.unitOfWork.run((stores) => amend(stores, account, (found) => ({ ...found, credentials: left })));
      expect(await keys()).toEqual(holders(left));
      expect(await database.accounts.findKeysOf('nobody' as AppId)).toEqual([]);
    });

    test('knows at once that an access key was disabled, that its account was locked, and that it is gone', async () => {
      const account = await given(database);
      const [credential] = account.credentials;
      if (!credential) throw new Error('The account has a credential.');
      const holder = () => database.accounts.findByAccessKey(credential.accessKey);

      await database.unitOfWork.run((stores) =>
        amend(
          stores,
          account,
          (found) => changeCredentialStatus(found, credential.accessKey, DISABLE),
          aCredentialEvent('credential.disabled', credential),
        ),
      );
      expect((await holder())?.credential.status).toBe('DISABLE');

      await database.unitOfWork.run((stores) => amend(stores, account, (found) => ({ ...found, locked: true })));
      expect((await holder())?.account.locked).toBe(true);

      await database.unitOfWork.run((stores) =>
        amend(stores, account, (found) => ({ ...found, credentials: [aCredential()] })),
      );
      expect(await holder()).toBeNull();
    });

    test('lists accounts in order of creation, each with all of its credentials, oldest first', async () => {
      const first = anAccount({ appId: 'zeta', grantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'] });
      const second = anAccount({ appId: 'alpha' });
      await database.unitOfWork.run(async ({ accounts }) => {
        await accounts.add(second, anEvent('account.opened'));
        await accounts.add(first, anEvent('account.opened'));
      });
      // Added newest access key first, so that neither the keys' order nor the rows' can pass for that of time.
      const [later, latest] = [aCredential({ createdAt: NEW_YEAR + 2 }), aCredential({ createdAt: NEW_YEAR + 1 })];
      await database.unitOfWork.run((stores) =>
        amend(stores, first, (found) => ({ ...found, credentials: [...found.credentials, latest, later] })),
      );
      const listed = await database.accounts.list({}, { limit: 100, after: null });
      expect(listed).toEqual([{ ...first, credentials: [...first.credentials, latest, later], version: 2 }, second]);
    });

    test('lists page by page: every account once, none between pages lost', async () => {
      const all: Account[] = [];
      for (let i = 0; i < 7; i++) all.push(await given(database));
      const seen: Account[] = [];
      for (const length of [3, 3, 1, 0]) {
        const page = await database.accounts.list({}, { limit: 3, after: seen.at(-1)?.id ?? null });
        expect(page).toHaveLength(length);
        seen.push(...page);
      }
      expect(seen).toEqual(all);
    });

    test('counts a page by accounts, not by their credentials', async () => {
      for (let i = 0; i < 3; i++) await given(database, { credentials: [aCredential(), aCredential(), aCredential()] });
      const page = await database.accounts.list({}, { limit: 2, after: null });
      expect(page.map(({ credentials }) => credentials.length)).toEqual([3, 3]);
    });

    test('narrows lists and counts by owner, lock, grant type and scope, alone and together', async () => {
      await given(database, { appId: 'one', owner: 'alice', grantTypes: ['PLATFORM'], scope: ['SYSTEM', 'REPO'] });
      await given(database, {
        appId: 'two',
        owner: 'alice',
        grantTypes: ['AUTHORIZATION_CODE'],
        scope: ['REPO'],
        locked: true,
      });
      await given(database, {
        appId: 'three',
        owner: 'bob',
        grantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
        scope: ['NODE'],
      });
      const alice = parseUserId('alice');
      const cases: [AccountFilter, string[]][] = [
        [{}, ['one', 'two', 'three']],
        [{ owner: alice }, ['one', 'two']],
        [{ owner: parseUserId('Alice') }, []],
        [{ locked: true }, ['two']],
        [{ locked: false }, ['one', 'three']],
        [{ grantType: 'PLATFORM' }, ['one', 'three']],
        [{ grantType: 'AUTHORIZATION_CODE' }, ['two', 'three']],
        [{ scope: 'SYSTEM' }, ['one']],
        [{ scope: 'REPO' }, ['one', 'two']],
        [{ scope: 'PROJECT' }, []],
        [{ owner: alice, locked: false, grantType: 'PLATFORM', scope: 'REPO', q: 'ON' }, ['one']],
        [{ owner: alice, locked: false, grantType: 'AUTHORIZATION_CODE' }, []],
      ];
      for (const [filter, expected] of cases) {
        expect(await appIds(filter)).toEqual(expected);
        expect(await database.accounts.count(filter)).toBe(expected.length);
      }
    });

    test('narrows lists and counts by what occurs in appId or description, without regard to case and letter by letter', async () => {
      await given(database, { appId: 'Billing', description: null });
      await given(database, { appId: 'crm', description: 'Takes 100% of the BILL_ings' });
      await given(database, { appId: 'mail', description: 'ÄRGER\\' });
      const cases: [string, string[]][] = [
        ['bill', ['Billing', 'crm']],
        ['BILLING', ['Billing']],
        ['ärger', ['mail']],
        ['\\', ['mail']],
        ['%', ['crm']],
        ['l_i', ['crm']],
        ['_', ['crm']],
        ["'", []],
        ['ma\0il', []],
        ['', ['Billing', 'crm', 'mail']],
      ];
      for (const [q, expected] of cases) {
        expect([q, await appIds({ q })]).toEqual([q, expected]);
        expect([q, await database.accounts.count({ q })]).toEqual([q, expected.length]);
      }
    });

    test('narrows lists and counts by what has an enabled credential that expires in a time', async () => {
      const expiring = (appId: string, ...expiries: readonly (number | null)[]) =>
        given(database, { appId, credentials: expiries.map((expiresAt) => aCredential({ expiresAt })) });
      await expiring('never', null);
      await expiring('soon', null, NEW_YEAR + 10);
      await expiring('later', NEW_YEAR + 11, NEW_YEAR + 12);
      await given(database, { credentials: [aCredential({ expiresAt: NEW_YEAR + 10, status: 'DISABLE' })] });
      const cases: [number, number, string[]][] = [
        [0, 10, ['soon']],
        [0, 9, []],
        [9, 11, ['soon', 'later']],
        [10, 11, ['later']],
        [12, 1_000, []],
      ];
      for (const [after, until, expected] of cases) {
        const filter = { expiring: { after: NEW_YEAR + after, until: NEW_YEAR + until } };
        expect(await appIds(filter)).toEqual(expected);
        expect(await database.accounts.count(filter)).toBe(expected.length);
      }
    });

    test('narrows lists and counts by what has a credential that is not used any more, or never was', async () => {
      const used = (appId: string, ...uses: readonly (number | null)[]) =>
        given(database, { appId, credentials: uses.map((lastUsedAt) => aCredential({ lastUsedAt })) });
      await used('never', null);
      await used('before', NEW_YEAR + 10);
      await used('mixed', NEW_YEAR + 20, null);
      await used('after', NEW_YEAR + 20);
      await given(database, { appId: 'young', credentials: [aCredential({ createdAt: NEW_YEAR + 20 })] });
      const cases: [AccountFilter, string[]][] = [
        [{ neverUsed: true }, ['never', 'mixed', 'young']],
        [{ neverUsed: false }, ['before', 'after']],
        [{ unusedSince: NEW_YEAR }, []],
        [{ unusedSince: NEW_YEAR + 10 }, ['never', 'mixed']],
        [{ unusedSince: NEW_YEAR + 11 }, ['never', 'before', 'mixed']],
        [{ unusedSince: NEW_YEAR + 21 }, ['never', 'before', 'mixed', 'after', 'young']],
        [{ unusedSince: NEW_YEAR + 11, neverUsed: false }, ['before']],
      ];
      for (const [filter, expected] of cases) {
        expect(await appIds(filter)).toEqual(expected);
        expect(await database.accounts.count(filter)).toBe(expected.length);
      }
    });

    test('narrows lists and counts by what has a live credential that is retired when it has been idle', async () => {
      const retiring = (appId: string, told: Partial<Credential> = {}) =>
        given(database, {
          appId,
          credentials: [aCredential(), aCredential({ superseded: aRotation({ retire: 'after-idle' }), ...told })],
        });
      await retiring('waiting');
      await retiring('ending', { expiresAt: NEW_YEAR + 1 });
      await retiring('ended', { expiresAt: NEW_YEAR });
      await retiring('disabled', { status: 'DISABLE' });
      await retiring('manual', { superseded: aRotation({ retire: 'manual' }) });
      await retiring('plain', { superseded: null });
      const filter = { retiringWhenIdle: NEW_YEAR };
      expect(await appIds(filter)).toEqual(['waiting', 'ending']);
      expect(await database.accounts.count(filter)).toBe(2);
    });

    test('narrows lists and counts to what a user authorized', async () => {
      const [wanted] = [await given(database), await given(database)];
      const authorization = anAuthorization({ userId: 'carol', accountId: wanted.id });
      await database.unitOfWork.run(({ authorizations }) => authorizations.put(authorization, anAuthorizationEvent()));
      const filter = { authorizedBy: authorization.userId };
      expect(await appIds(filter)).toEqual([wanted.appId]);
      expect(await database.accounts.count(filter)).toBe(1);
      expect(await appIds({ authorizedBy: parseUserId('dave') })).toEqual([]);
    });
  });
}
