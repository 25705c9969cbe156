import { OPERATOR, type UserId } from '@claviger/domain';
import { admin, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, WEB_APP, world } from '../../test/world.js';

const HOUR = 3_600_000;
const TOKEN = 'a'.repeat(43);
const ALL = ['SYSTEM', 'PROJECT', 'REPO', 'NODE'] as const;

/** Carol, an admin, lets the calendar act for her; it holds a token for all that she granted. */
async function granted(scope: readonly (typeof ALL)[number][] = ALL) {
  const here = world();
  await here.createUser(OPERATOR, { userId: 'carol', admin: true, password: 'correct horse' });
  await here.createUser(OPERATOR, { userId: 'dave', admin: true, password: 'correct horse' });
  await here.createAccount(OPERATOR, { ...WEB_APP, scope: [...ALL] });
  await here.authorizeAccount(admin('carol'), { appId: 'calendar', scope });
  const artifact = { kind: 'AccessToken', id: TOKEN, grantId: null, payload: '' } as const;
  const whose = { userId: 'carol', appId: 'calendar' };
  await here.oauthArtifacts.put({ ...artifact, ...whose, scope, expiresAt: here.clock.now() + HOUR });
  const call = (claim: { token?: string; userId?: UserId; inAddress?: true } = {}) =>
    here.authenticate({ scheme: 'token', token: TOKEN, userId: null, ...claim }, HERE);
  return { ...here, call };
}

describe('the token of an application', () => {
  it('stands for its user, through the application, within what was granted', async () => {
    const { call } = await granted(['SYSTEM', 'REPO']);
    const account = { appId: 'calendar', scope: ['SYSTEM', 'REPO'], granted: true };
    expect(await call()).toEqual({ kind: 'user', userId: 'carol', admin: true, account, origin: HERE });
    await expect(call({ userId: 'dave' as UserId })).rejects.toMatchObject({ code: 'user_differs' });
  });

  it('is good in no address, where others see it', async () => {
    const { call } = await granted();
    await expect(call({ inAddress: true })).rejects.toMatchObject({ code: 'access_token_illegal' });
  });

  it('loses what the account may no longer do, and SYSTEM when its user is no admin any more', async () => {
    const { call, updateAccount, updateUser } = await granted();
    await updateAccount(OPERATOR, { ...WEB_APP, scope: ['SYSTEM', 'PROJECT'] });
    expect(await call()).toMatchObject({ account: { scope: ['SYSTEM', 'PROJECT'] } });
    await updateUser(OPERATOR, { userId: 'carol', admin: false });
    expect(await call()).toMatchObject({ account: { scope: ['PROJECT'] } });
  });

  it('opens nothing here without SYSTEM', async () => {
    const { call, listOwnAccounts, showSelf } = await granted(['PROJECT', 'REPO', 'NODE']);
    const caller = await call();
    for (const doing of [listOwnAccounts(caller), showSelf(caller)])
      await expect(doing).rejects.toMatchObject({ code: 'account_not_allowed' });
  });

  it('makes no token that would outlive the authorization, and grants nothing to others', async () => {
    const { call, createToken, authorizeAccount } = await granted();
    const caller = await call();
    await expect(createToken(caller, { name: 'for ever', lifetime: HOUR })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await expect(authorizeAccount(caller, { appId: 'calendar', scope: [] })).rejects.toMatchObject({
      code: 'not_allowed',
    });
  });

  it.each([
    ['the user uninstalls the application', (here) => here.uninstallAccount(user('carol'), { appId: 'calendar' })],
    ['the account is locked', (here) => here.lockAccount(OPERATOR, { appId: 'calendar', locked: true })],
    ['the account is deleted', (here) => here.deleteAccount(OPERATOR, { appId: 'calendar' })],
    ['the user is locked', (here) => here.lockUser(OPERATOR, { userId: 'carol', locked: true })],
    ['the user is deleted', (here) => here.deleteUser(OPERATOR, { userId: 'carol' })],
  ] satisfies [string, (here: Awaited<ReturnType<typeof granted>>) => Promise<unknown>][])(
    'is dead as soon as %s',
    async (_, end) => {
      const here = await granted();
      await here.call();
      await end(here);
      await expect(here.call()).rejects.toMatchObject({ code: 'access_token_illegal' });
    },
  );

  it('expires in its own words', async () => {
    const { call, clock } = await granted();
    clock.advance(HOUR);
    await expect(call()).rejects.toMatchObject({ code: 'access_token_expired' });
  });

  it('is why the authorization was last used, to the minute', async () => {
    const { call, clock, writeNotes, listAuthorizedAccounts } = await granted();
    const told = async () => {
      await writeNotes();
      const { accounts } = await listAuthorizedAccounts(user('carol'));
      for await (const { authorization } of accounts) return authorization.lastUsedAt;
      return undefined;
    };
    expect(await told()).toBeNull();
    clock.advance(90_000);
    await call();
    expect(await told()).toBe(clock.now() - 30_000);
  });
});
