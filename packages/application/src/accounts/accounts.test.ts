import { OPERATOR, type AppId, type Caller, type UserId } from '@claviger/domain';
import {
  admin,
  anAuthorization,
  anAuthorizationEvent,
  callingAccount,
  NEW_YEAR,
  platformAccount,
  user,
} from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { PLATFORM_APP, WEB_APP, world } from '../../test/world.js';

const alice = user('alice');
const bob = user('bob');

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('creating an account', () => {
  it('keeps it, owned by its creator, and discloses the secret of each grant type once', async () => {
    const { createAccount, showAccount, checkCredential } = world();
    const { account, keyPairs } = await createAccount(alice, WEB_APP);
    expect(account).toMatchObject({ appId: 'calendar', owner: 'alice', locked: false });
    expect(keyPairs.map((pair) => pair.accessKey)).toEqual(account.credentials.map((kept) => kept.accessKey));
    expect(await showAccount(alice, { appId: 'calendar' })).toEqual(account);
    for (const pair of keyPairs)
      expect(await checkCredential(admin(), pair)).toMatchObject({ valid: true, appId: 'calendar' });
  });

  it('is for admins when keys would act as any user or open this API', async () => {
    const { createAccount, database } = world();
    await expect(createAccount(alice, PLATFORM_APP)).rejects.toMatchObject({ code: 'user_not_allowed' });
    await expect(createAccount(alice, { ...WEB_APP, scope: ['SYSTEM'] })).rejects.toMatchObject({
      code: 'user_not_allowed',
    });
    expect(database.events).toEqual([]);
    await createAccount(admin(), { ...PLATFORM_APP, scope: ['SYSTEM'] });
  });

  it('refuses an appId that is taken in another letter case', async () => {
    const { createAccount } = world();
    await createAccount(alice, WEB_APP);
    await expect(createAccount(bob, { ...WEB_APP, appId: 'Calendar' })).rejects.toMatchObject({
      code: 'account_exists',
    });
  });

  it('by an operator belongs to admin unless another owner is named', async () => {
    const { createAccount } = world();
    expect((await createAccount(OPERATOR, PLATFORM_APP)).account.owner).toBe('admin');
    expect((await createAccount(OPERATOR, WEB_APP, 'alice')).account.owner).toBe('alice');
  });

  it('for somebody else is for admins', async () => {
    await expect(world().createAccount(alice, WEB_APP, 'bob')).rejects.toMatchObject({ code: 'user_not_allowed' });
  });

  it('says what is wrong with the statement before it says that the caller may not', async () => {
    const statement = { ...PLATFORM_APP, appId: 'no spaces' };
    await expect(world().createAccount(alice, statement)).rejects.toMatchObject({
      code: 'field_invalid',
      details: { field: 'appId' },
    });
  });

  it('through a platform needs the scope SYSTEM and a user', async () => {
    const { createAccount } = world();
    const weak = callingAccount({ scope: ['PROJECT'] });
    await expect(createAccount(admin('admin', weak), WEB_APP)).rejects.toMatchObject({ code: 'account_not_allowed' });
    await expect(createAccount(platformAccount(), WEB_APP)).rejects.toMatchObject({ code: 'user_header_missing' });
    expect((await createAccount(user('carol', callingAccount()), WEB_APP)).account.owner).toBe('carol');
  });
});

describe('updating an account', () => {
  it('keeps what is left out, amends what is given and takes away what is given empty', async () => {
    const { createAccount, updateAccount, showAccount, clock } = world();
    await createAccount(alice, {
      ...WEB_APP,
      description: 'days and weeks',
      avatarUrl: 'https://calendar.example/a.png',
    });
    clock.advance(1000);
    await updateAccount(alice, {
      appId: 'CALENDAR',
      authorizationGrantTypes: ['AUTHORIZATION_CODE'],
      description: '',
      homepageUrl: 'https://new.example/',
    });
    const after = await showAccount(alice, { appId: 'calendar' });
    expect(after).toMatchObject({
      appId: 'calendar',
      description: null,
      homepageUrl: 'https://new.example/',
      redirectUri: WEB_APP.redirectUri,
      avatarUrl: 'https://calendar.example/a.png',
      scope: ['PROJECT'],
      version: 2,
    });
    expect(after.lastModifiedAt - after.createdAt).toBe(1000);
  });

  it('discloses the secrets of the credentials it made, and only those', async () => {
    const { createAccount, updateAccount } = world();
    const created = await createAccount(admin(), WEB_APP);
    const both = await updateAccount(admin(), {
      appId: 'calendar',
      authorizationGrantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
    });
    expect(both.keyPairs).toHaveLength(1);
    expect(both.account.credentials.find((kept) => kept.grantType === 'PLATFORM')?.accessKey).toBe(
      both.keyPairs[0]?.accessKey,
    );
    const [first] = created.keyPairs;
    const swapped = await updateAccount(admin(), { appId: 'calendar', authorizationGrantTypes: ['PLATFORM'] });
    expect(swapped.keyPairs).toEqual([]);
    expect(swapped.account.credentials.map((kept) => kept.accessKey)).not.toContain(first?.accessKey);
  });

  it('is judged on what the account was and on what it shall be', async () => {
    const { createAccount, updateAccount } = world();
    await createAccount(OPERATOR, PLATFORM_APP, 'alice');
    await createAccount(alice, WEB_APP);
    const becomesHarmless = { ...WEB_APP, appId: 'builds' };
    const becomesMighty = { appId: 'calendar', authorizationGrantTypes: ['AUTHORIZATION_CODE', 'PLATFORM'] };
    await expect(updateAccount(alice, becomesHarmless)).rejects.toMatchObject({ code: 'user_not_allowed' });
    await expect(updateAccount(alice, becomesMighty)).rejects.toMatchObject({ code: 'user_not_allowed' });
    await expect(updateAccount(bob, { ...becomesMighty, appId: 'nowhere' })).rejects.toMatchObject({
      code: 'user_not_allowed',
    });
  });

  it('does not tell a missing account from a foreign one', async () => {
    const { createAccount, updateAccount } = world();
    await createAccount(alice, WEB_APP);
    await expect(updateAccount(bob, WEB_APP)).rejects.toMatchObject({ code: 'account_missing', details: {} });
    await expect(updateAccount(bob, { ...WEB_APP, appId: 'nowhere' })).rejects.toMatchObject({
      code: 'account_missing',
      details: {},
    });
  });

  it('lets the owner lock, and only an admin unlock', async () => {
    const { createAccount, updateAccount, lockAccount } = world();
    await createAccount(alice, WEB_APP);
    await updateAccount(alice, { ...WEB_APP, locked: true });
    await updateAccount(alice, WEB_APP);
    await expect(updateAccount(alice, { ...WEB_APP, locked: false })).rejects.toMatchObject({
      code: 'user_not_allowed',
    });
    await expect(lockAccount(alice, { appId: 'calendar', locked: false })).rejects.toMatchObject({
      code: 'user_not_allowed',
    });
    expect((await updateAccount(admin(), { ...WEB_APP, locked: false })).account.locked).toBe(false);
    await lockAccount(alice, { appId: 'calendar', locked: true });
    await lockAccount(admin(), { appId: 'calendar', locked: false });
  });

  it('leaves everything as it was when the outcome would break a rule', async () => {
    const { createAccount, updateAccount, showAccount } = world();
    const { account } = await createAccount(admin(), PLATFORM_APP);
    const statement = { appId: 'builds', authorizationGrantTypes: ['AUTHORIZATION_CODE'], description: 'new' };
    await expect(updateAccount(admin(), statement)).rejects.toMatchObject({ details: { field: 'homepageUrl' } });
    expect(await showAccount(admin(), { appId: 'builds' })).toEqual(account);
  });
});

describe('deleting an account', () => {
  it('takes its credentials with it and frees the appId', async () => {
    const { createAccount, deleteAccount, checkCredential } = world();
    const { keyPairs } = await createAccount(alice, WEB_APP);
    await deleteAccount(alice, { appId: 'Calendar' });
    for (const pair of keyPairs)
      expect(await checkCredential(admin(), pair)).toMatchObject({ valid: false, because: 'unknown' });
    await createAccount(bob, WEB_APP);
  });

  it('is for its owner and for admins, and for admins alone when it is a platform', async () => {
    const { createAccount, deleteAccount } = world();
    await createAccount(alice, WEB_APP);
    await createAccount(OPERATOR, PLATFORM_APP, 'alice');
    await expect(deleteAccount(bob, { appId: 'calendar' })).rejects.toMatchObject({ code: 'account_missing' });
    await expect(deleteAccount(alice, { appId: 'builds' })).rejects.toMatchObject({ code: 'user_not_allowed' });
    await deleteAccount(admin(), { appId: 'builds' });
  });
});

describe('transferring an account', () => {
  it('gives all of it to the new owner', async () => {
    const { createAccount, transferAccount, showAccount } = world();
    await createAccount(alice, WEB_APP);
    await transferAccount(alice, { appId: 'calendar', owner: 'bob' });
    expect((await showAccount(bob, { appId: 'calendar' })).owner).toBe('bob');
    await expect(showAccount(alice, { appId: 'calendar' })).rejects.toMatchObject({ code: 'account_missing' });
  });
});

describe('an authorization', () => {
  async function authorized() {
    const here = world();
    const { account } = await here.createAccount(alice, WEB_APP);
    const authorization = anAuthorization({ userId: 'bob', accountId: account.id });
    await here.database.unitOfWork.run(({ authorizations }) =>
      authorizations.put(authorization, anAuthorizationEvent()),
    );
    return here;
  }

  it('is listed for the user who gave it, without the application’s credentials', async () => {
    const { listAuthorizedAccounts } = await authorized();
    const mine = await listAuthorizedAccounts(bob);
    expect(mine.total).toBe(1);
    const [calendar] = await all(mine.accounts);
    expect(calendar).toMatchObject({
      account: { appId: 'calendar', credentials: [] },
      authorization: { userId: 'bob' },
    });
    expect(await all((await listAuthorizedAccounts(alice)).accounts)).toEqual([]);
  });

  it('is taken back by that user, once', async () => {
    const { uninstallAccount, listAuthorizedAccounts } = await authorized();
    await uninstallAccount(bob, { appId: 'calendar' });
    expect((await listAuthorizedAccounts(bob)).total).toBe(0);
    await expect(uninstallAccount(bob, { appId: 'calendar' })).rejects.toMatchObject({ code: 'authorization_missing' });
  });

  it('is told to an operator and to admins, who may take it back for that user', async () => {
    const { uninstallAccount, listAuthorizedAccounts } = await authorized();
    for (const caller of [OPERATOR, admin()])
      expect((await listAuthorizedAccounts(caller, { userId: 'bob' })).total).toBe(1);
    await expect(listAuthorizedAccounts(alice, { userId: 'bob' })).rejects.toMatchObject({ code: 'user_not_allowed' });
    const theirs = { appId: 'calendar', userId: 'bob' };
    await expect(uninstallAccount(alice, theirs)).rejects.toMatchObject({ code: 'user_not_allowed' });
    await uninstallAccount(OPERATOR, theirs);
    expect((await listAuthorizedAccounts(OPERATOR, { userId: 'bob' })).total).toBe(0);
  });

  it('is nobody else’s to take back, and an unknown app sounds the same', async () => {
    const { uninstallAccount } = await authorized();
    await expect(uninstallAccount(alice, { appId: 'calendar' })).rejects.toMatchObject({
      code: 'authorization_missing',
    });
    await expect(uninstallAccount(alice, { appId: 'nowhere' })).rejects.toMatchObject({
      code: 'authorization_missing',
    });
  });
});

describe('listing accounts', () => {
  async function many(count: number) {
    const here = world();
    for (let i = 0; i < count; i++) await here.createAccount(i % 2 ? alice : bob, { ...WEB_APP, appId: `app-${i}` });
    return here;
  }

  it('tells all of them without a limit, in order of creation, however many', async () => {
    const { listAccounts } = await many(501);
    const list = await listAccounts(admin());
    expect(list).toMatchObject({ total: 501, next: null });
    expect((await all(list.accounts)).map((account) => account.appId)).toEqual(
      Array.from({ length: 501 }, (_, i) => `app-${i}`),
    );
  });

  it('tells them page by page, each once, with the total on every page', async () => {
    const { listOwnAccounts } = await many(9);
    const seen: AppId[][] = [];
    for (let cursor: string | undefined; ;) {
      const page = await listOwnAccounts(bob, { limit: 2, cursor });
      expect(page.total).toBe(5);
      seen.push((await all(page.accounts)).map((account) => account.appId));
      if (!page.next) break;
      cursor = page.next;
    }
    expect(seen).toEqual([['app-0', 'app-2'], ['app-4', 'app-6'], ['app-8']]);
  });

  it('narrows by each filter', async () => {
    const { listAccounts, lockAccount, createAccount } = await many(3);
    await createAccount(admin(), { ...PLATFORM_APP, description: 'Builds 100% of it' });
    await lockAccount(admin(), { appId: 'app-1', locked: true });
    const found = async (query: object) =>
      (await all((await listAccounts(admin(), query)).accounts)).map((a) => a.appId);
    expect(await found({ owner: 'bob' })).toEqual(['app-0', 'app-2']);
    expect(await found({ locked: true })).toEqual(['app-1']);
    expect(await found({ grantType: 'PLATFORM' })).toEqual(['builds']);
    expect(await found({ scope: 'PROJECT', locked: false })).toEqual(['app-0', 'app-2']);
    expect(await found({ q: '100%' })).toEqual(['builds']);
  });

  it('narrows by what has a credential that expires soon, is not used any more, or never was', async () => {
    const { createAccount, createCredential, checkCredential, writeNotes, listAccounts, clock } = world();
    const minute = 60_000;
    const told: Record<string, { accessKey: string; secretKey: string }> = {};
    for (const appId of ['ends', 'used', 'idle']) {
      const { keyPairs } = await createAccount(alice, { ...WEB_APP, appId });
      if (keyPairs[0]) told[appId] = keyPairs[0];
    }
    const use = async (...appIds: string[]) => {
      for (const appId of appIds) await checkCredential(admin(), told[appId] ?? { accessKey: '', secretKey: '' });
      await writeNotes();
    };
    const expiresAt = new Date(NEW_YEAR + 20 * minute).toISOString();
    await createCredential(alice, { appId: 'ends', type: 'AUTHORIZATION_CODE', expiresAt });
    await use('ends');
    clock.advance(10 * minute);
    await use('used', 'ends');
    const found = async (query: object) =>
      (await all((await listAccounts(admin(), query)).accounts)).map((a) => a.appId);
    expect(await found({ expiringWithin: 10 * minute })).toEqual(['ends']);
    expect(await found({ expiringWithin: 10 * minute - 1 })).toEqual([]);
    expect(await found({ neverUsed: true })).toEqual(['ends', 'idle']);
    expect(await found({ neverUsed: false })).toEqual(['used']);
    const at = (ms: number) => new Date(NEW_YEAR + ms).toISOString();
    expect(await found({ unusedSince: at(10 * minute) })).toEqual(['ends', 'idle']);
    expect(await found({ unusedSince: at(10 * minute + 59_999) })).toEqual(['ends', 'idle']);
    expect(await found({ unusedSince: at(11 * minute) })).toEqual(['ends', 'used', 'idle']);
    expect(await found({ unusedSince: at(0) })).toEqual([]);
    clock.advance(10 * minute);
    expect(await found({ expiringWithin: 100 * minute })).toEqual([]);
  });

  it.each<[string, Caller]>([['an ordinary user', alice]])('of everybody is refused to %s', async (_, caller) => {
    await expect(world().listAccounts(caller)).rejects.toMatchObject({ code: 'user_not_allowed' });
  });

  it.each([
    ['limit', { limit: 0 }],
    ['limit', { limit: 1001 }],
    ['limit', { limit: 1.5 }],
    ['cursor', { cursor: 'page 2' }],
    ['owner', { owner: '' as UserId }],
    ['grantType', { grantType: 'PASSWORD' }],
    ['scope', { scope: 'ALL' }],
    ['q', { q: '\0' }],
    ['expiringWithin', { expiringWithin: -1 }],
    ['expiringWithin', { expiringWithin: 1.5 }],
    ['expiringWithin', { expiringWithin: 101 * 365 * 86_400_000 }],
    ['unusedSince', { unusedSince: '2026-01-01' }],
  ])('refuses an ill-formed %s', async (field, query) => {
    await expect(world().listAccounts(admin(), query)).rejects.toMatchObject({
      code: 'field_invalid',
      details: { field },
    });
  });
});
