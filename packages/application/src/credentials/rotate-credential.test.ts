import { OPERATOR, type Caller } from '@claviger/domain';
import { admin, callingAccount, NEW_YEAR, platformAccount, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { PLATFORM_APP, WEB_APP, world } from '../../test/world.js';

const HOUR = 3_600_000;
const alice = user('alice');
const bob = user('bob');

async function withAccount(statement: typeof PLATFORM_APP = WEB_APP) {
  const here = world();
  const { account, keyPairs } = await here.createAccount(OPERATOR, statement, 'alice');
  const [pair] = keyPairs;
  if (!pair) throw new Error('an account has a credential');
  const old = { appId: account.appId, accessKey: pair.accessKey };
  const isGood = async (key: { accessKey: string; secretKey: string }) =>
    (await here.checkCredential(admin(), key)).valid;
  return { ...here, pair, old, isGood };
}

describe('rotating a credential', () => {
  it('makes a new one that is good beside the old one, which ends after a day', async () => {
    const { rotateCredential, isGood, listCredentials, clock, pair, old } = await withAccount();
    const { credential, secretKey } = await rotateCredential(alice, old);
    const fresh = { accessKey: credential.accessKey, secretKey };
    expect(credential).toMatchObject({ grantType: 'AUTHORIZATION_CODE', expiresAt: null, superseded: null });
    expect(await listCredentials(alice, old)).toMatchObject([
      { superseded: { by: credential.accessKey, retire: 'at', overlap: 24 * HOUR }, expiresAt: NEW_YEAR + 24 * HOUR },
      credential,
    ]);
    clock.advance(24 * HOUR - 1);
    expect([await isGood(pair), await isGood(fresh)]).toEqual([true, true]);
    clock.advance(1);
    expect([await isGood(pair), await isGood(fresh)]).toEqual([false, true]);
  });

  it('takes an overlap, a way to retire and an end of the new one', async () => {
    const { rotateCredential, listCredentials, old } = await withAccount();
    const expiresAt = new Date(NEW_YEAR + 5 * HOUR).toISOString();
    const { credential } = await rotateCredential(alice, { ...old, overlap: HOUR, retire: 'manual', expiresAt });
    expect(credential.expiresAt).toBe(NEW_YEAR + 5 * HOUR);
    expect(await listCredentials(alice, old)).toMatchObject([
      { superseded: { retire: 'manual', overlap: HOUR }, expiresAt: null },
      {},
    ]);
  });

  it.each([
    ['overlap', { overlap: -1 }],
    ['overlap', { overlap: 1.5 }],
    ['overlap', { overlap: 366 * 24 * HOUR }],
    ['retire', { retire: 'soon' }],
    ['expiresAt', { expiresAt: '2026' }],
  ])('refuses an ill-formed %s', async (field, wrong) => {
    const { rotateCredential, old } = await withAccount();
    await expect(rotateCredential(bob, { ...old, ...wrong })).rejects.toMatchObject({
      code: 'field_invalid',
      details: { field },
    });
  });

  it('is taken back while the old one lives: the new one is gone, the old one as it was', async () => {
    const { rotateCredential, rollBackRotation, listCredentials, showRotation, isGood, clock, pair, old } =
      await withAccount();
    const { credential, secretKey } = await rotateCredential(alice, { ...old, overlap: HOUR });
    await rollBackRotation(alice, old);
    expect(await listCredentials(alice, old)).toMatchObject([
      { accessKey: old.accessKey, superseded: null, expiresAt: null },
    ]);
    clock.advance(2 * HOUR);
    expect(await isGood(pair)).toBe(true);
    expect(await isGood({ accessKey: credential.accessKey, secretKey })).toBe(false);
    await expect(showRotation(alice, old)).rejects.toMatchObject({ code: 'rotation_missing' });
    await rotateCredential(alice, { ...old, overlap: 0 });
    await expect(rollBackRotation(alice, old)).rejects.toMatchObject({ code: 'credential_not_live' });
  });

  it('tells whether the old one is still used, and when last', async () => {
    const { rotateCredential, showRotation, checkCredential, writeNotes, clock, pair, old } = await withAccount();
    const used = async () => {
      await checkCredential(admin(), pair);
      await writeNotes();
      return showRotation(alice, old);
    };
    await used().catch(() => undefined);
    clock.advance(HOUR);
    await rotateCredential(alice, old);
    expect(await showRotation(alice, old)).toMatchObject({ stillUsed: false, old: { lastUsedAt: NEW_YEAR } });
    clock.advance(HOUR);
    expect(await used()).toMatchObject({ stillUsed: true, old: { lastUsedAt: NEW_YEAR + 2 * HOUR } });
  });

  it('is kept in the record with who did it and to which key', async () => {
    const { rotateCredential, rollBackRotation, database, pair, old } = await withAccount();
    await rotateCredential(alice, old);
    await rollBackRotation(alice, old);
    const details = { accessKey: pair.accessKey, grantType: 'AUTHORIZATION_CODE' };
    const about = { details, by: { userId: 'alice' } };
    expect(database.events.slice(-2)).toMatchObject([
      { name: 'credential.rotated', ...about },
      { name: 'credential.rolled_back', ...about },
    ]);
  });
});

describe('whoever rotates', () => {
  const weak = user('alice', callingAccount({ scope: ['PROJECT'] }));
  const calls = ['rotateCredential', 'rollBackRotation', 'showRotation'] as const;

  it.each<[string, Caller, string]>([
    ['somebody else', bob, 'account_missing'],
    ['a platform without the scope SYSTEM', weak, 'account_not_allowed'],
    ['a platform that names no user', platformAccount(), 'user_header_missing'],
  ])('is not %s', async (_, caller, code) => {
    const here = await withAccount();
    for (const call of calls) await expect(here[call](caller, here.old)).rejects.toMatchObject({ code });
    for (const call of calls)
      await expect(here[call](caller, { ...here.old, appId: 'nowhere' })).rejects.toMatchObject({ code });
  });

  it('may be the owner, but for a platform, whose keys are for admins to hand out; its owner sees how it goes', async () => {
    const { rotateCredential, rollBackRotation, showRotation, old } = await withAccount(PLATFORM_APP);
    await expect(rotateCredential(alice, old)).rejects.toMatchObject({ code: 'user_not_allowed' });
    await rotateCredential(admin(), old);
    expect(await showRotation(alice, old)).toMatchObject({ stillUsed: false });
    await expect(rollBackRotation(alice, old)).rejects.toMatchObject({ code: 'user_not_allowed' });
    await rollBackRotation(admin(), old);
  });

  it('names a key that the account has', async () => {
    const here = await withAccount();
    for (const call of calls)
      await expect(here[call](alice, { ...here.old, accessKey: 'nonsense' })).rejects.toMatchObject({
        code: 'credential_missing',
      });
  });
});
