import { OPERATOR, UNLIMITED } from '@claviger/domain';
import { admin, callingAccount, NEW_YEAR, numberedKey, platformAccount, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, PLATFORM_APP, WEB_APP, world } from '../../test/world.js';

const alice = user('alice');
const bob = user('bob');

async function withAccount(statement = WEB_APP, owner = 'alice') {
  const here = world();
  const { account, keyPairs } = await here.createAccount(OPERATOR, statement, owner);
  const [pair] = keyPairs;
  if (!pair) throw new Error('an account has a credential');
  return { ...here, account, pair };
}

describe('creating a credential', () => {
  it('adds one that is good at once and keeps the others good', async () => {
    const { createCredential, checkCredential, pair } = await withAccount();
    const { credential, secretKey } = await createCredential(alice, { appId: 'calendar', type: 'AUTHORIZATION_CODE' });
    expect(await checkCredential(admin(), { accessKey: credential.accessKey, secretKey })).toMatchObject({
      valid: true,
    });
    expect(await checkCredential(admin(), pair)).toMatchObject({ valid: true });
  });

  it('is impossible for a grant type the account does not have', async () => {
    const { createCredential } = await withAccount();
    await expect(createCredential(admin(), { appId: 'calendar', type: 'PLATFORM' })).rejects.toMatchObject({
      code: 'grant_type_absent',
    });
  });

  it('of type PLATFORM is refused to ordinary users, whether the account exists or not', async () => {
    const { createCredential } = await withAccount(PLATFORM_APP as typeof WEB_APP);
    for (const appId of ['builds', 'nowhere'])
      await expect(createCredential(alice, { appId, type: 'PLATFORM' })).rejects.toMatchObject({
        code: 'user_not_allowed',
      });
  });
});

describe('the end of a credential', () => {
  const day = 86_400_000;
  const inDays = (days: number) => new Date(NEW_YEAR + days * day).toISOString();
  const given = { appId: 'calendar', type: 'AUTHORIZATION_CODE' };

  it('is the one that was asked for; after it the credential is good for nothing', async () => {
    const { createCredential, checkCredential, clock } = await withAccount();
    const { credential, secretKey } = await createCredential(alice, { ...given, expiresAt: inDays(1) });
    expect(credential.expiresAt).toBe(NEW_YEAR + day);
    const key = { accessKey: credential.accessKey, secretKey };
    clock.advance(day - 1);
    expect(await checkCredential(admin(), key)).toMatchObject({ valid: true });
    clock.advance(1);
    expect(await checkCredential(admin(), key)).toMatchObject({ valid: false, because: 'expired' });
  });

  it('is none unless one was asked for, where nothing else is configured', async () => {
    const { createCredential } = await withAccount();
    for (const expiresAt of [undefined, null, 'never'])
      expect((await createCredential(alice, { ...given, expiresAt })).credential.expiresAt).toBeNull();
  });

  it('is refused when it is no time or is over', async () => {
    const { createCredential } = await withAccount();
    for (const [expiresAt, rule] of [
      ['tomorrow', 'not_expiry'],
      [inDays(0), 'not_in_future'],
    ] as const)
      await expect(createCredential(alice, { ...given, expiresAt })).rejects.toMatchObject({
        details: { field: 'expiresAt', rule },
      });
  });

  it('obeys the policy of the installation, whichever way the credential comes to be', async () => {
    const expiry = { standard: 30 * day, longest: 90 * day, neverAllowed: true };
    const here = world({ policy: { expiry, mostLive: 5 } });
    const soon = { expiresAt: NEW_YEAR + 30 * day };
    const { account } = await here.createAccount(OPERATOR, WEB_APP, 'alice');
    expect(account.credentials).toMatchObject([soon]);
    const both = { appId: 'calendar', authorizationGrantTypes: ['AUTHORIZATION_CODE', 'PLATFORM'] };
    expect((await here.updateAccount(admin(), both)).account.credentials).toMatchObject([soon, soon]);
    expect((await here.createCredential(admin(), given)).credential).toMatchObject(soon);
    const accessKey = account.credentials[0]?.accessKey ?? '';
    expect((await here.rotateCredential(admin(), { appId: 'calendar', accessKey })).credential).toMatchObject(soon);
    await here.firstRun();
    expect((await here.showAccount(admin(), { appId: 'claviger' })).credentials).toMatchObject([soon]);
    for (const [expiresAt, rule] of [
      [inDays(91), 'too_late'],
      ['never', 'never_not_allowed'],
    ] as const)
      for (const call of [
        here.createCredential(admin(), { ...given, expiresAt }),
        here.rotateCredential(admin(), { appId: 'calendar', accessKey, expiresAt }),
      ])
        await expect(call).rejects.toMatchObject({ details: { field: 'expiresAt', rule } });
  });
});

describe('the number of live credentials of one grant type', () => {
  const given = { appId: 'calendar', type: 'AUTHORIZATION_CODE' };

  it('is limited: creating, rotating and enabling stop there, and go on when one is gone', async () => {
    const here = world({ policy: { expiry: UNLIMITED, mostLive: 2 } });
    const { account } = await here.createAccount(alice, WEB_APP);
    const accessKey = account.credentials[0]?.accessKey ?? '';
    const second = await here.createCredential(alice, given);
    const change = (status: string) =>
      here.changeCredentialStatus(alice, { appId: 'calendar', accessKey: second.credential.accessKey, status });
    const refusal = { code: 'too_many_credentials', details: { most: 2 } };
    await expect(here.createCredential(alice, given)).rejects.toMatchObject(refusal);
    await expect(here.rotateCredential(alice, { appId: 'calendar', accessKey })).rejects.toMatchObject(refusal);
    await change('DISABLE');
    await here.createCredential(alice, given);
    await expect(change('ENABLE')).rejects.toMatchObject(refusal);
  });
});

describe('deleting a credential', () => {
  it('never takes the last of its grant type', async () => {
    const { createCredential, deleteCredential, checkCredential, pair } = await withAccount();
    const given = { appId: 'calendar', accessKey: pair.accessKey };
    await expect(deleteCredential(alice, given)).rejects.toMatchObject({ code: 'credential_is_last' });
    await createCredential(alice, { appId: 'calendar', type: 'AUTHORIZATION_CODE' });
    await deleteCredential(alice, given);
    expect(await checkCredential(admin(), pair)).toMatchObject({ valid: false, because: 'unknown' });
  });

  it('says so when the account has no such key', async () => {
    const { deleteCredential } = await withAccount();
    await expect(deleteCredential(alice, { appId: 'calendar', accessKey: 'nonsense' })).rejects.toMatchObject({
      code: 'credential_missing',
    });
    await expect(deleteCredential(bob, { appId: 'calendar', accessKey: 'nonsense' })).rejects.toMatchObject({
      code: 'account_missing',
    });
  });
});

describe('the status of a credential', () => {
  it('decides whether it is good', async () => {
    const { changeCredentialStatus, checkCredential, pair } = await withAccount();
    const given = { appId: 'calendar', accessKey: pair.accessKey };
    await changeCredentialStatus(alice, { ...given, status: 'DISABLE' });
    expect(await checkCredential(admin(), pair)).toMatchObject({ valid: false, appId: null, because: 'disabled' });
    await changeCredentialStatus(alice, { ...given, status: 'ENABLE' });
    expect(await checkCredential(admin(), pair)).toMatchObject({ valid: true, because: null });
  });

  it('of a platform is for its owner to disable and for an admin to enable', async () => {
    const { changeCredentialStatus, pair } = await withAccount(PLATFORM_APP as typeof WEB_APP);
    const given = { appId: 'builds', accessKey: pair.accessKey };
    await changeCredentialStatus(alice, { ...given, status: 'DISABLE' });
    await expect(changeCredentialStatus(alice, { ...given, status: 'ENABLE' })).rejects.toMatchObject({
      code: 'user_not_allowed',
    });
    await changeCredentialStatus(admin(), { ...given, status: 'ENABLE' });
  });

  it('is one of two words', async () => {
    const { changeCredentialStatus, pair } = await withAccount();
    const given = { appId: 'calendar', accessKey: pair.accessKey, status: 'enable' };
    await expect(changeCredentialStatus(alice, given)).rejects.toMatchObject({ details: { field: 'status' } });
  });
});

describe('checking a credential', () => {
  it('does not let key A pass with the secret of key B', async () => {
    const { createCredential, checkCredential, pair } = await withAccount();
    const other = await createCredential(alice, { appId: 'calendar', type: 'AUTHORIZATION_CODE' });
    expect(await checkCredential(admin(), { ...pair, secretKey: other.secretKey })).toMatchObject({
      valid: false,
      because: 'unknown',
    });
  });

  it('answers no for a locked account, another account, another type and for nonsense', async () => {
    const { checkCredential, lockAccount, createAccount, pair } = await withAccount();
    await createAccount(admin(), PLATFORM_APP);
    expect(await checkCredential(admin(), { ...pair, appId: 'CALENDAR', type: 'AUTHORIZATION_CODE' })).toMatchObject({
      valid: true,
    });
    expect(await checkCredential(admin(), { ...pair, appId: 'builds' })).toMatchObject({
      valid: false,
      because: 'unknown',
    });
    expect(await checkCredential(admin(), { ...pair, appId: 'nowhere' })).toMatchObject({ valid: false });
    expect(await checkCredential(admin(), { ...pair, type: 'PLATFORM' })).toMatchObject({
      valid: false,
      because: 'grant_type_differs',
    });
    expect(await checkCredential(admin(), { accessKey: 'x', secretKey: '' })).toMatchObject({ valid: false });
    await lockAccount(admin(), { appId: 'calendar', locked: true });
    expect(await checkCredential(admin(), pair)).toMatchObject({ valid: false, because: 'account_locked' });
  });

  it('is free to a platform with scope SYSTEM, with and without a user', async () => {
    const { checkCredential, pair } = await withAccount();
    expect(await checkCredential(platformAccount(), pair)).toMatchObject({ valid: true });
    expect(await checkCredential(user('bob', callingAccount()), pair)).toMatchObject({ valid: true });
    const weak = platformAccount({ scope: ['PROJECT'] });
    await expect(checkCredential(weak, pair)).rejects.toMatchObject({ code: 'account_not_allowed' });
  });

  it('is limited to their own accounts for ordinary users', async () => {
    const { checkCredential, pair } = await withAccount();
    expect(await checkCredential(alice, { ...pair, appId: 'calendar' })).toMatchObject({ valid: true });
    await expect(checkCredential(alice, pair)).rejects.toMatchObject({ code: 'user_not_allowed' });
    await expect(checkCredential(bob, { ...pair, appId: 'calendar' })).rejects.toMatchObject({
      code: 'account_missing',
    });
    await expect(checkCredential(bob, { ...pair, appId: 'nowhere' })).rejects.toMatchObject({
      code: 'account_missing',
    });
  });
});

describe('a platform that authenticates', () => {
  const builds = () => withAccount({ ...PLATFORM_APP, scope: ['SYSTEM'] } as typeof WEB_APP, 'admin');

  it('becomes the user it names, an admin only if that user is stored as one', async () => {
    const { authenticate, createUser, pair } = await builds();
    await createUser(OPERATOR, { userId: 'root', admin: true });
    const account = { appId: 'builds', scope: ['SYSTEM'] };
    expect(await authenticate({ scheme: 'platform', ...pair, userId: alice.userId }, HERE)).toEqual({
      kind: 'user',
      userId: 'alice',
      admin: false,
      account,
      origin: HERE,
    });
    expect(await authenticate({ scheme: 'platform', ...pair, userId: admin('root').userId }, HERE)).toMatchObject({
      userId: 'root',
      admin: true,
    });
    expect(await authenticate({ scheme: 'platform', ...pair, userId: null }, HERE)).toEqual({
      kind: 'platform',
      account,
      origin: HERE,
    });
  });

  it('is unknown with a wrong secret, locked or not, and with a disabled key of a locked account', async () => {
    const { authenticate, lockAccount, changeCredentialStatus, pair } = await builds();
    const wrong = { ...pair, secretKey: numberedKey(777).secretKey, userId: null };
    await expect(authenticate({ scheme: 'platform', ...wrong }, HERE)).rejects.toMatchObject({
      code: 'caller_unknown',
    });
    await lockAccount(admin(), { appId: 'builds', locked: true });
    await expect(authenticate({ scheme: 'platform', ...wrong }, HERE)).rejects.toMatchObject({
      code: 'caller_unknown',
    });
    await expect(authenticate({ scheme: 'platform', ...pair, userId: null }, HERE)).rejects.toMatchObject({
      code: 'account_locked',
    });
    await changeCredentialStatus(admin(), { appId: 'builds', accessKey: pair.accessKey, status: 'DISABLE' });
    await expect(authenticate({ scheme: 'platform', ...pair, userId: null }, HERE)).rejects.toMatchObject({
      code: 'caller_unknown',
    });
  });

  it('cannot use a key of another grant type', async () => {
    const { authenticate, pair } = await withAccount();
    await expect(authenticate({ scheme: 'platform', ...pair, userId: null }, HERE)).rejects.toMatchObject({
      code: 'caller_unknown',
    });
  });

  it('cannot act for a locked user', async () => {
    const { authenticate, createUser, lockUser, pair } = await builds();
    await createUser(OPERATOR, { userId: 'alice' });
    await lockUser(OPERATOR, { userId: 'alice', locked: true });
    await expect(authenticate({ scheme: 'platform', ...pair, userId: alice.userId }, HERE)).rejects.toMatchObject({
      code: 'user_locked',
    });
  });
});
