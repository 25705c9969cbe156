import { OPERATOR, PlatformError } from '@claviger/domain';
import { aDelivery, admin, NEW_YEAR, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, PLATFORM_APP, world } from '../../test/world.js';
import type { Periods } from './claim-due.js';

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

describe('deliveries that wait for nothing', () => {
  it('are deleted when they began too long ago; those that wait stay', async () => {
    const { registerWebhook, deleteExpired, listDeliveries, clock, database } = world();
    const { webhook } = await registerWebhook(OPERATOR, { url: 'https://hooks.example/' });
    const { id: webhookId } = webhook;
    const [delivered, dead, waiting] = (['delivered', 'dead', 'waiting'] as const).map((status) =>
      aDelivery({ webhookId, status }),
    );
    if (!delivered || !dead || !waiting) throw new Error('there are three');
    clock.advance(1000);
    const young = aDelivery({ webhookId, status: 'delivered', since: NEW_YEAR + 1 });
    await database.unitOfWork.run((stores) => stores.deliveries.addAll([delivered, dead, waiting, young]));
    const retention = { audit: 1_000_000, deliveries: 1000 };
    expect(await deleteExpired(retention)).toBe(0);
    clock.advance(1);
    expect(await deleteExpired(retention)).toBe(2);
    const { deliveries } = await listDeliveries(OPERATOR, { id: webhookId });
    expect(deliveries).toEqual([young, waiting]);
  });
});

describe('a credential that expires', () => {
  const day = 86_400_000;

  it('is told of 30, 7 and 1 days before, once each, with its key and its end', async () => {
    const { createAccount, createCredential, warnOfExpiry, clock, database } = world();
    await createAccount(OPERATOR, PLATFORM_APP);
    const given = { appId: 'builds', type: 'PLATFORM', expiresAt: new Date(NEW_YEAR + 40 * day).toISOString() };
    const [one, two] = [await createCredential(OPERATOR, given), await createCredential(OPERATOR, given)];
    const about = (days: number) =>
      [one, two].map(({ credential }) => ({
        name: 'credential.expiring',
        by: { kind: 'worker' },
        subject: { kind: 'account', name: 'builds' },
        details: { accessKey: credential.accessKey, grantType: 'PLATFORM', days, expiresAt: NEW_YEAR + 40 * day },
      }));
    const before = database.events.length;
    const told: number[] = [];
    for (let today = 0; today <= 41; today++) {
      const warned = await warnOfExpiry();
      if (warned > 0) told.push(today);
      expect(warned).toBe([10, 33, 39].includes(today) ? 2 : 0);
      expect(await warnOfExpiry()).toBe(0);
      clock.advance(day);
    }
    expect(told).toEqual([10, 33, 39]);
    expect(database.events.slice(before)).toMatchObject([30, 7, 1].flatMap(about));
  });

  it('is told of once by two workers at the same time, and however many accounts there are', async () => {
    const { createAccount, createCredential, warnOfExpiry, clock } = world();
    const expiresAt = new Date(NEW_YEAR + 31 * day).toISOString();
    for (let i = 0; i < 101; i++) {
      await createAccount(OPERATOR, { ...PLATFORM_APP, appId: `app-${i}` });
      await createCredential(OPERATOR, { appId: `app-${i}`, type: 'PLATFORM', expiresAt });
    }
    clock.advance(2 * day);
    const warned = await Promise.all([warnOfExpiry(), warnOfExpiry()]);
    expect(warned[0] + warned[1]).toBe(101);
  });
});

describe('what is to be done again and again', () => {
  const periods: Periods = {
    'delete-expired': 1000,
    'retire-idle': 100,
    'warn-of-expiry': 100,
    'seal-audit': 10,
    'rotate-signing-keys': 1000,
  };

  it('is put into the queue once per period, however many platforms ask', async () => {
    const first = world();
    const { clock, database } = first;
    const others = [1, 2].map(() => world({ clock, unitOfWork: database.unitOfWork }));
    const claim = async () => (await Promise.all([first, ...others].map((each) => each.claimDue(periods)))).flat();
    expect((await claim()).toSorted()).toEqual(Object.keys(periods).toSorted());
    expect(await claim()).toEqual([]);
    clock.advance(9);
    expect(await claim()).toEqual([]);
    clock.advance(1);
    expect(await claim()).toEqual(['seal-audit']);
    clock.advance(90);
    expect((await claim()).toSorted()).toEqual(['retire-idle', 'seal-audit', 'warn-of-expiry']);
    const at = { 'delete-expired': NEW_YEAR, 'retire-idle': NEW_YEAR + 100 };
    for (const [task, time] of Object.entries(at))
      expect(database.jobs).toContainEqual({ task, payload: {}, key: task, queue: task, at: time });
    expect(database.jobs).toHaveLength(5);
  });

  it('is claimed again when the claim could not be written', async () => {
    const { database, clock } = world();
    const told = { away: true };
    const away = new PlatformError('database_unavailable');
    const { claimDue } = world({
      clock,
      unitOfWork: { run: (work) => (told.away ? Promise.reject(away) : database.unitOfWork.run(work)) },
    });
    await expect(claimDue(periods)).rejects.toBe(away);
    told.away = false;
    expect(await claimDue(periods)).toHaveLength(5);
  });
});
