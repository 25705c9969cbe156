import { OPERATOR, type AuditRecord } from '@claviger/domain';
import { admin, callingAccount, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, PLATFORM_APP, WEB_APP, world } from '../../test/world.js';

const alice = { ...user('alice'), origin: HERE };
const root = { ...admin('root'), origin: HERE };

/** A platform in memory that tells what the latest change left in the record. */
function recorded() {
  const here = world();
  const latest = (): AuditRecord => {
    const record = here.database.events.at(-1);
    if (!record) throw new Error('nothing was written');
    return record;
  };
  return { ...here, latest };
}

describe('the record of a change', () => {
  it('says who did it, through what, from where and in which request', async () => {
    const { createAccount, authenticate, updateAccount, latest } = recorded();
    const { keyPairs } = await createAccount(OPERATOR, { ...PLATFORM_APP, scope: ['SYSTEM'] }, 'alice');
    expect(latest().by).toEqual({ kind: 'operator', userId: null, appId: null, address: null, traceId: null });
    const [pair] = keyPairs;
    if (!pair) throw new Error('an account has a credential');
    await createAccount(alice, WEB_APP);
    expect(latest().by).toEqual({ kind: 'user', userId: 'alice', appId: null, ...HERE });
    const caller = await authenticate({ scheme: 'platform', ...pair, userId: alice.userId }, HERE);
    await updateAccount(caller, { ...WEB_APP, description: 'days' });
    expect(latest().by).toEqual({ kind: 'user', userId: 'alice', appId: 'builds', ...HERE });
  });

  it('holds of an amended thing only what differs, of a new or a deleted one everything', async () => {
    const { createAccount, updateAccount, deleteAccount, latest } = recorded();
    const { account } = await createAccount(alice, { ...WEB_APP, description: 'days' });
    expect(latest()).toMatchObject({
      name: 'account.opened',
      subject: { kind: 'account', id: account.id, name: 'calendar' },
      changes: { before: null, after: { appId: 'calendar', owner: 'alice', description: 'days' } },
    });
    await updateAccount(alice, { ...WEB_APP, description: 'weeks' });
    expect(latest().changes).toEqual({ before: { description: 'days' }, after: { description: 'weeks' } });
    await deleteAccount(alice, { appId: 'calendar' });
    expect(latest().changes).toMatchObject({ before: { appId: 'calendar', description: 'weeks' }, after: null });
  });

  it.each<[string, (here: ReturnType<typeof recorded>) => Promise<unknown>, object, object]>([
    [
      'account.locked',
      (on) => on.lockAccount(root, { appId: 'calendar', locked: true }),
      { locked: false },
      { locked: true },
    ],
    [
      'account.transferred',
      (on) => on.transferAccount(root, { appId: 'calendar', owner: 'bob' }),
      { owner: 'alice' },
      { owner: 'bob' },
    ],
    [
      'user.amended',
      (on) => on.updateUser(root, { userId: 'alice', name: 'Alice' }),
      { name: null },
      { name: 'Alice' },
    ],
    ['user.locked', (on) => on.lockUser(root, { userId: 'alice', locked: true }), { locked: false }, { locked: true }],
    [
      'user.password_changed',
      (on) => on.changePassword(root, { userId: 'alice', password: 'correct horse' }),
      { password: null },
      { password: expect.stringMatching(/^.{8}$/) },
    ],
  ])('%s tells what it was and what it is', async (name, change, before, after) => {
    const here = recorded();
    await here.createUser(OPERATOR, { userId: 'alice' });
    await here.createUser(OPERATOR, { userId: 'bob' });
    await here.createAccount(alice, WEB_APP);
    await change(here);
    expect(here.latest()).toMatchObject({ name, by: { userId: 'root', ...HERE }, changes: { before, after } });
    expect(here.latest().changes).toEqual({ before, after });
  });

  it('of a credential names the one that it is about, and no other', async () => {
    const { createAccount, createCredential, changeCredentialStatus, deleteCredential, latest } = recorded();
    await createAccount(alice, WEB_APP);
    const { credential } = await createCredential(alice, { appId: 'calendar', type: 'AUTHORIZATION_CODE' });
    const { accessKey } = credential;
    const details = { accessKey, grantType: 'AUTHORIZATION_CODE' };
    const facts = { grantType: 'AUTHORIZATION_CODE', status: 'ENABLE', expiresAt: null, supersededBy: null };
    expect(latest()).toMatchObject({ name: 'credential.issued', details });
    expect(latest().changes).toMatchObject({ before: {}, after: { credentials: { [accessKey]: facts } } });
    expect(Object.keys(Object(latest().changes.after?.['credentials']))).toEqual([accessKey]);
    await changeCredentialStatus(alice, { appId: 'calendar', accessKey, status: 'DISABLE' });
    expect(latest().changes).toEqual({
      before: { credentials: { [accessKey]: { status: 'ENABLE' } } },
      after: { credentials: { [accessKey]: { status: 'DISABLE' } } },
    });
    await deleteCredential(alice, { appId: 'calendar', accessKey });
    expect(latest()).toMatchObject({ name: 'credential.withdrawn', details });
    expect(latest().changes).toMatchObject({ before: { credentials: { [accessKey]: { status: 'DISABLE' } } } });
  });

  it('is none when the change was refused', async () => {
    const { createAccount, updateAccount, lockAccount, database } = recorded();
    await createAccount(alice, WEB_APP);
    const before = database.events.length;
    const bob = user('bob', callingAccount());
    await expect(updateAccount(bob, WEB_APP)).rejects.toMatchObject({ code: 'account_missing' });
    await expect(lockAccount(bob, { appId: 'calendar', locked: true })).rejects.toMatchObject({
      code: 'account_missing',
    });
    expect(database.events).toHaveLength(before);
  });
});

describe('no record', () => {
  it('holds a password, a secret, a token, a session or what stands for one', async () => {
    const here = recorded();
    const PASSWORDS = ['correct horse', 'battery staple', 'another one'] as const;
    const made: string[] = [...PASSWORDS];
    await here.createUser(root, { userId: 'alice', password: PASSWORDS[0] });
    const { account, keyPairs } = await here.createAccount(alice, WEB_APP);
    made.push(...keyPairs.map(({ secretKey }) => secretKey));
    made.push(...account.credentials.map(({ sealedSecret }) => sealedSecret.mac));
    const [held] = account.credentials;
    if (!held) throw new Error('an account has a credential');
    const rotated = await here.rotateCredential(alice, { appId: 'calendar', accessKey: held.accessKey });
    made.push(rotated.secretKey, rotated.credential.sealedSecret.mac);
    const { token, text } = await here.createToken(alice, { name: 'laptop', lifetime: 1000 });
    made.push(text, token.mac);
    await here.revokeToken(alice, { id: token.id });
    const claim = { userId: 'alice', password: PASSWORDS[0] };
    const opened = await here.logIn(claim, { lifetime: 1000, origin: HERE, userAgent: null });
    made.push(opened.text, opened.session.mac);
    const hashes = async () => made.push((await here.database.users.find(alice.userId))?.passwordHash ?? '');
    await hashes();
    await here.changeOwnPassword(alice, { oldPassword: PASSWORDS[0], newPassword: PASSWORDS[1] }, HERE);
    await hashes();
    await here.changePassword(root, { userId: 'alice', password: PASSWORDS[2] });
    await hashes();
    const webhook = await here.registerWebhook(alice, { appId: 'calendar', url: 'https://hooks.example/' });
    const renewed = await here.rotateWebhookSecret(alice, { id: webhook.webhook.id });
    made.push(webhook.secret, renewed.secret, webhook.webhook.secret.box, renewed.webhook.secret.box);

    const names = ['user.registered', 'account.opened', 'credential.rotated', 'token.issued', 'token.revoked'];
    names.push('session.opened', 'user.password_changed', 'user.password_changed');
    names.push('webhook.registered', 'webhook.secret_rotated');
    expect(here.database.events.map(({ name }) => name)).toEqual(names);
    const kept = JSON.stringify(here.database.events);
    expect(made.filter((secret) => secret === '' || kept.includes(secret))).toEqual([]);
  });
});
