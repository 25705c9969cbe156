import { beforeEach, describe, expect, test } from '@jest/globals';
import { OPERATOR } from '@claviger/domain';
import { admin, NEW_YEAR, user } from '@claviger/testing';
import { HERE, WEB_APP, world } from '../../test/world.js';

let here: ReturnType<typeof world>;
let secret: string;
beforeEach(async () => {
  here = world();
  const { keyPairs } = await here.createAccount(user('owner'), WEB_APP);
  secret = String(keyPairs[0]?.secretKey);
});

const asked = (scope: readonly string[] = ['PROJECT']) => ({ appId: 'calendar', scope });

describe('authorizing an application', () => {
  test('is what lists and uninstalls it, and is told', async () => {
    await here.authorizeAccount(user('alice'), asked());
    expect((await here.showConsent(user('alice'), asked())).given).toBe(true);
    expect(here.database.events.at(-1)).toMatchObject({ name: 'authorization.granted' });
    await here.uninstallAccount(user('alice'), { appId: 'calendar' });
    expect((await here.showConsent(user('alice'), asked())).given).toBe(false);
  });

  test('is asked again for more, and by each user for themselves', async () => {
    await here.authorizeAccount(user('alice'), asked([]));
    expect((await here.showConsent(user('alice'), asked([]))).given).toBe(true);
    expect((await here.showConsent(user('alice'), asked())).given).toBe(false);
    expect((await here.showConsent(user('bob'), asked([]))).given).toBe(false);
  });

  test('adds to what was granted before and writes nothing when nothing is new', async () => {
    await here.authorizeAccount(user('alice'), asked());
    const { length } = here.database.events;
    expect((await here.authorizeAccount(user('alice'), asked([]))).scope).toEqual(['PROJECT']);
    expect(here.database.events).toHaveLength(length);
  });

  test('is for the user alone: not for a platform that acts for them, not for an operator', async () => {
    const through = user('alice', { appId: 'builds', scope: ['SYSTEM'] } as never);
    for (const caller of [through, OPERATOR])
      await expect(here.authorizeAccount(caller, asked())).rejects.toMatchObject({ code: 'not_allowed' });
  });

  test.each([
    ['locked', () => here.lockAccount(admin(), { appId: 'calendar', locked: true })],
    ['deleted', () => here.deleteAccount(admin(), { appId: 'calendar' })],
  ])('is refused for an account that is %s', async (_, end) => {
    await end();
    await expect(here.authorizeAccount(user('alice'), asked())).rejects.toMatchObject({ code: 'account_missing' });
    expect(await here.findClient('calendar')).toBeNull();
  });

  test('is refused for more than the account’s scope', async () => {
    await expect(here.authorizeAccount(user('alice'), asked(['REPO']))).rejects.toMatchObject({ code: 'not_allowed' });
  });
});

test('an application that does not say what it wants is shown with all that the user could grant it', async () => {
  const wide = { ...WEB_APP, appId: 'wide', scope: ['SYSTEM', 'PROJECT', 'REPO'] };
  await here.createAccount(admin(), wide);
  const shown = async (caller: ReturnType<typeof user>) =>
    (await here.showConsent(caller, { appId: 'wide', scope: null })).scope;
  expect(await shown(user('alice'))).toEqual(['PROJECT', 'REPO']);
  expect(await shown(admin())).toEqual(['SYSTEM', 'PROJECT', 'REPO']);
});

describe('a client of the authorization server', () => {
  const proven = (appId: string, presented: string, from = HERE) =>
    here.authenticateClient({ appId, secret: presented }, from).then(
      () => true,
      (error: { readonly code: string }) => error.code,
    );

  test('proves itself with any good credential of its account, so that it can be rotated', async () => {
    const second = await here.createCredential(user('owner'), { appId: 'calendar', type: 'AUTHORIZATION_CODE' });
    for (const one of [secret, second.secretKey]) expect(await proven('calendar', one)).toBe(true);
    await here.changeCredentialStatus(user('owner'), {
      appId: 'calendar',
      accessKey: second.credential.accessKey,
      status: 'DISABLE',
    });
    expect(await proven('calendar', second.secretKey)).toBe('caller_unknown');
    expect(await proven('calendar', secret)).toBe(true);
  });

  test('does not with a credential from the moment on at which it expires; with another one it does', async () => {
    const given = {
      appId: 'calendar',
      type: 'AUTHORIZATION_CODE',
      expiresAt: new Date(NEW_YEAR + 60_000).toISOString(),
    };
    const { secretKey: brief } = await here.createCredential(user('owner'), given);
    here.clock.advance(59_999);
    expect(await proven('calendar', brief)).toBe(true);
    here.clock.advance(1);
    expect(await proven('calendar', brief)).toBe('caller_unknown');
    expect(await proven('calendar', secret)).toBe(true);
  });

  test('leaves where its credential was last used from', async () => {
    await proven('calendar', secret);
    await here.writeNotes();
    const [credential] = (await here.showAccount(user('owner'), { appId: 'calendar' })).credentials;
    expect(credential).toMatchObject({ lastUsedAt: here.clock.now(), lastUsedFrom: HERE.address });
  });

  test('does not with the secret of another account, of another type or of nobody', async () => {
    await here.createAccount(user('owner'), { ...WEB_APP, appId: 'other' });
    const both = await here.createAccount(admin(), {
      ...WEB_APP,
      appId: 'both',
      authorizationGrantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
    });
    const accepted = await Promise.all(both.keyPairs.map(({ secretKey }) => proven('both', secretKey)));
    expect(new Set(accepted)).toEqual(new Set(['caller_unknown', true]));
    for (const appId of ['other', 'nobody', 'Calendar', '../x', ''])
      expect(await proven(appId, secret)).toBe('caller_unknown');
    expect(await proven('calendar', 'csk_none')).toBe('caller_unknown');
  });

  test('is counted by its name and address when it fails, and then waits, right or wrong; from elsewhere it does not', async () => {
    await proven('calendar', 'csk_none');
    const attempt = { name: 'calendar', address: HERE.address };
    expect(here.failures.seen).toEqual([attempt]);
    here.failures.block(attempt, 41_500);
    for (const presented of [secret, 'csk_none']) expect(await proven('calendar', presented)).toBe('too_many_requests');
    expect(here.failures.seen).toHaveLength(1);
    expect(await proven('calendar', secret, { ...HERE, address: '192.0.2.2' })).toBe(true);
  });

  test('is found by its exact name, and only when users can authorize it', async () => {
    expect((await here.findClient('calendar'))?.appId).toBe('calendar');
    for (const name of ['CALENDAR', 'nobody', '']) expect(await here.findClient(name)).toBeNull();
  });
});

describe('introspection', () => {
  const token = 't'.repeat(43);
  const told = (presented: string, about = token) =>
    here.introspect({ appId: 'calendar', secret: presented }, about, HERE);
  beforeEach(async () => {
    await here.createUser(OPERATOR, { userId: 'alice' });
    await here.authorizeAccount(user('alice'), { appId: 'calendar', scope: ['PROJECT'] });
    const whose = { userId: 'alice', appId: 'calendar', grantId: 'g', scope: ['PROJECT'], payload: '' } as const;
    for (const [kind, id, life] of [
      ['Grant', 'g', 60_000],
      ['AccessToken', token, 90_000],
    ] as const)
      await here.oauthArtifacts.put({ kind, id, ...whose, expiresAt: NEW_YEAR + life });
  });

  test('finds a living token for a client that proves itself, and leaves where that was used from', async () => {
    expect(await told(secret)).toMatchObject({ kind: 'AccessToken', userId: 'alice', scope: ['PROJECT'] });
    await here.writeNotes();
    const [credential] = (await here.showAccount(user('owner'), { appId: 'calendar' })).credentials;
    expect(credential).toMatchObject({ lastUsedAt: here.clock.now(), lastUsedFrom: HERE.address });
  });

  test('finds nothing for anybody else, and counts nothing: why not, is for others to say', async () => {
    expect([await told('csk_none'), await told(secret, 'x'.repeat(43))]).toEqual([null, null]);
    expect(here.failures.seen).toEqual([]);
    here.failures.block({ name: 'calendar', address: HERE.address }, 1_000);
    expect(await told(secret)).toBeNull();
  });

  test('finds no token longer than its grant lives', async () => {
    here.clock.advance(60_000);
    expect(await told(secret)).toBeNull();
  });
});
