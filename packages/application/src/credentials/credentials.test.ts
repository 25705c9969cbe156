import { OPERATOR } from '@claviger/domain';
import { admin, callingAccount, numberedKey, platformAccount, user } from '@claviger/testing';
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
    });
    expect(await authenticate({ scheme: 'platform', ...pair, userId: admin('root').userId }, HERE)).toMatchObject({
      userId: 'root',
      admin: true,
    });
    expect(await authenticate({ scheme: 'platform', ...pair, userId: null }, HERE)).toEqual({
      kind: 'platform',
      account,
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
