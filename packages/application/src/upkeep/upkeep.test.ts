import { OPERATOR } from '@claviger/domain';
import { admin, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, PLATFORM_APP, world } from '../../test/world.js';

describe('the first run', () => {
  it('makes an admin who can do everything and a platform that can call for them', async () => {
    const { firstRun, authenticate, listAccounts, database } = world();
    const shown = await firstRun();
    const userId = shown?.userId ?? admin().userId;
    expect(await database.users.find(userId)).toMatchObject({ userId: 'admin', admin: true });
    if (!shown?.keyPair) throw new Error('the first run shows a key pair');
    const caller = await authenticate({ scheme: 'platform', ...shown.keyPair, userId }, HERE);
    expect(caller).toMatchObject({ userId: 'admin', admin: true, account: { appId: 'claviger', scope: ['SYSTEM'] } });
    expect((await listAccounts(caller)).total).toBe(1);
  });

  it('happens once, also when two processes start together', async () => {
    const { firstRun } = world();
    const shown = await Promise.all([firstRun(), firstRun(), firstRun()]);
    expect(shown.filter((each) => each !== null)).toHaveLength(1);
    expect(await firstRun()).toBeNull();
  });

  it('leaves an account alone that has the name already', async () => {
    const { firstRun, createAccount, showAccount } = world();
    const { account } = await createAccount(OPERATOR, { ...PLATFORM_APP, appId: 'Claviger' });
    expect(await firstRun()).toMatchObject({ userId: 'admin', keyPair: null });
    expect(await showAccount(OPERATOR, { appId: 'claviger' })).toEqual(account);
  });

  it('does nothing where there is a user', async () => {
    const { firstRun, createUser } = world();
    await createUser(OPERATOR, { userId: 'bob' });
    expect(await firstRun()).toBeNull();
  });
});

describe('what expired', () => {
  it('is deleted: sessions at once, tokens after thirty days in which they are told from illegal ones', async () => {
    const { createUser, createToken, logIn, deleteExpired, listSessions, authenticate, clock } = world();
    const [day, alice] = [86_400_000, user('alice')];
    await createUser(OPERATOR, { userId: 'alice', password: 'correct horse' });
    await logIn({ userId: 'alice', password: 'correct horse' }, { lifetime: day, origin: HERE, userAgent: null });
    const { text } = await createToken(alice, { name: null, lifetime: day });
    const claim = { scheme: 'token', token: text, userId: null } as const;
    clock.advance(31 * day);
    expect(await deleteExpired({ audit: 1000 * day, deliveries: 1000 * day })).toBe(1);
    expect((await listSessions(alice)).sessions).toEqual([]);
    await expect(authenticate(claim, HERE)).rejects.toMatchObject({ code: 'access_token_expired' });
    clock.advance(1);
    expect(await deleteExpired({ audit: 1000 * day, deliveries: 1000 * day })).toBe(1);
    await expect(authenticate(claim, HERE)).rejects.toMatchObject({ code: 'access_token_illegal' });
  });
});

describe('old credentials that wait for silence', () => {
  const hour = 3_600_000;

  it('end when they have been quiet for their overlap; the record names their keys', async () => {
    const { createAccount, rotateCredential, checkCredential, writeNotes, retireIdleCredentials, ...here } = world();
    const rotated = async (appId: string) => {
      const { keyPairs } = await createAccount(OPERATOR, { ...PLATFORM_APP, appId });
      const [pair] = keyPairs;
      if (!pair) throw new Error('an account has a credential');
      await rotateCredential(OPERATOR, { appId, accessKey: pair.accessKey, overlap: hour, retire: 'after-idle' });
      return pair;
    };
    const [quiet, busy] = [await rotated('quiet'), await rotated('busy')];
    here.clock.advance(hour);
    await checkCredential(OPERATOR, busy);
    await writeNotes();
    expect(await retireIdleCredentials()).toBe(0);
    here.clock.advance(hour / 2);
    const before = here.database.events.length;
    expect(await retireIdleCredentials()).toBe(1);
    expect(here.database.events.slice(before)).toMatchObject([
      { name: 'credential.retired', by: { kind: 'worker' }, details: { accessKeys: [quiet.accessKey] } },
    ]);
    expect(await checkCredential(OPERATOR, quiet)).toMatchObject({ valid: false, because: 'expired' });
    expect(await checkCredential(OPERATOR, busy)).toMatchObject({ valid: true });
    expect(await retireIdleCredentials()).toBe(0);
  });

  it('are found however many others still wait', async () => {
    const { createAccount, rotateCredential, retireIdleCredentials, clock } = world();
    for (let i = 0; i < 101; i++) {
      const { account } = await createAccount(OPERATOR, { ...PLATFORM_APP, appId: `app-${i}` });
      for (const { accessKey } of account.credentials)
        await rotateCredential(OPERATOR, {
          appId: account.appId,
          accessKey,
          overlap: i < 100 ? hour : 0,
          retire: 'after-idle',
        });
    }
    clock.advance(hour);
    expect(await retireIdleCredentials()).toBe(1);
  });
});
