import { OPERATOR, PlatformError, type UserId } from '@claviger/domain';
import { callingAccount, COMMON_PASSWORD, numberedToken, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, world } from '../../test/world.js';

const DAY = 86_400_000;
const ALICE = 'alice' as UserId;

async function withAlice() {
  const here = world();
  await here.createUser(OPERATOR, { userId: 'alice', password: 'correct horse' });
  const { token, text } = await here.createToken(user('alice'), { name: 'laptop', lifetime: DAY });
  const asToken = (presented: string, userId: UserId | null = null) =>
    here.authenticate({ scheme: 'token', token: presented, userId }, HERE);
  return { ...here, token, text, asToken };
}

describe('an access token', () => {
  it('stands for its user, and for nobody else', async () => {
    const { asToken, text } = await withAlice();
    const alice = { kind: 'user', userId: 'alice', admin: false, account: null, origin: HERE };
    expect(await asToken(text)).toEqual(alice);
    expect(await asToken(text, ALICE)).toEqual(alice);
    await expect(asToken(text, 'bob' as UserId)).rejects.toMatchObject({ code: 'user_differs' });
  });

  it('carries the admin flag its user has now', async () => {
    const { asToken, text, updateUser } = await withAlice();
    await updateUser(OPERATOR, { userId: 'alice', admin: true });
    expect(await asToken(text)).toMatchObject({ admin: true });
  });

  it('is empty, illegal or expired in its own words', async () => {
    const { asToken, text, token, clock } = await withAlice();
    await expect(asToken('')).rejects.toMatchObject({ code: 'access_token_empty' });
    await expect(asToken('nonsense')).rejects.toMatchObject({ code: 'access_token_illegal' });
    await expect(asToken(numberedToken(999))).rejects.toMatchObject({ code: 'access_token_illegal' });
    clock.advance(DAY - 1);
    await asToken(text);
    clock.advance(1);
    await expect(asToken(text)).rejects.toMatchObject({
      code: 'access_token_expired',
      details: { expiredAt: token.expiresAt },
    });
  });

  it('is dead with its user, and locked with its user', async () => {
    const { asToken, text, lockUser, deleteUser } = await withAlice();
    await lockUser(OPERATOR, { userId: 'alice', locked: true });
    await expect(asToken(text)).rejects.toMatchObject({ code: 'user_locked' });
    await deleteUser(OPERATOR, { userId: 'alice' });
    await expect(asToken(text)).rejects.toMatchObject({ code: 'access_token_illegal' });
  });

  it('is one of several, each with a name, listed and revoked by its user', async () => {
    const { asToken, createToken, listTokens, revokeToken, token, text } = await withAlice();
    const other = await createToken(user('alice'), { name: null, lifetime: DAY });
    expect(await told(await listTokens(user('alice')))).toMatchObject([{ name: 'laptop' }, { name: null }]);
    await revokeToken(user('alice'), { id: token.id });
    await expect(asToken(text)).rejects.toMatchObject({ code: 'access_token_illegal' });
    await asToken(other.text);
  });

  it('is nobody else’s to list or to revoke, but for admins', async () => {
    const { createUser, listTokens, revokeToken, token } = await withAlice();
    const admin = { ...user('root'), admin: true };
    await createUser(OPERATOR, { userId: 'bob' });
    expect(await told(await listTokens(user('bob')))).toEqual([]);
    await expect(listTokens(user('bob'), { userId: 'alice' })).rejects.toMatchObject({ code: 'user_not_allowed' });
    await expect(revokeToken(user('bob'), { id: token.id })).rejects.toMatchObject({ code: 'token_missing' });
    expect(await told(await listTokens(admin, { userId: 'alice' }))).toHaveLength(1);
    await revokeToken(admin, { id: token.id });
    await expect(revokeToken(admin, { id: token.id })).rejects.toMatchObject({ code: 'token_missing' });
  });

  it('tells when it was last used, to the minute, once that is written down', async () => {
    const { asToken, text, token, clock, writeNotes, listTokens } = await withAlice();
    clock.advance(90_000);
    await asToken(text);
    expect(await told(await listTokens(OPERATOR))).toMatchObject([{ lastUsedAt: null }]);
    await writeNotes();
    expect(await told(await listTokens(OPERATOR))).toMatchObject([{ lastUsedAt: token.createdAt + 60_000 }]);
  });

  it('is for users the service knows', async () => {
    const { createToken } = world();
    await expect(createToken(user('nobody'), { name: null, lifetime: DAY })).rejects.toMatchObject({
      code: 'user_missing',
    });
  });
});

describe('a login', () => {
  const browser = { lifetime: DAY, origin: HERE, userAgent: 'Browser/1' };

  it('opens a session of its own that stands for the user until it ends', async () => {
    const { logIn, authenticate, clock } = await withAlice();
    const first = await logIn({ userId: 'alice', password: 'correct horse' }, browser);
    const second = await logIn({ userId: 'alice', password: 'correct horse' }, browser);
    expect(first.text).not.toBe(second.text);
    const claim = { scheme: 'session', session: first.text, userId: null } as const;
    expect(await authenticate(claim, HERE)).toMatchObject({ kind: 'user', userId: 'alice' });
    await expect(authenticate({ ...claim, userId: 'bob' as UserId }, HERE)).rejects.toMatchObject({
      code: 'user_differs',
    });
    clock.advance(DAY);
    await expect(authenticate(claim, HERE)).rejects.toMatchObject({ code: 'caller_unknown' });
    const password = { scheme: 'password', userId: 'alice', password: 'correct horse' } as const;
    await expect(authenticate({ ...password, named: 'bob' as UserId }, HERE)).rejects.toMatchObject({
      code: 'user_differs',
    });
  });

  it('sounds the same for an unknown user, a wrong password and a locked user, but for who knows the password', async () => {
    const { logIn, lockUser } = await withAlice();
    const unknown = { code: 'caller_unknown', details: {} };
    await expect(logIn({ userId: 'nobody', password: 'correct horse' }, browser)).rejects.toMatchObject(unknown);
    await expect(logIn({ userId: 'not a name', password: 'correct horse' }, browser)).rejects.toMatchObject(unknown);
    await expect(logIn({ userId: 'alice', password: 'wrong horse' }, browser)).rejects.toMatchObject(unknown);
    await lockUser(OPERATOR, { userId: 'alice', locked: true });
    await expect(logIn({ userId: 'alice', password: 'wrong horse' }, browser)).rejects.toMatchObject(unknown);
    await expect(logIn({ userId: 'alice', password: 'correct horse' }, browser)).rejects.toMatchObject({
      code: 'user_locked',
    });
  });

  it('is listed to its user and ended by them, by logging out, or by a new password', async () => {
    const { logIn, logOut, listSessions, revokeSession, changeOwnPassword, changePassword } = await withAlice();
    const [one, two, three] = [
      await logIn({ userId: 'alice', password: 'correct horse' }, browser),
      await logIn({ userId: 'alice', password: 'correct horse' }, browser),
      await logIn({ userId: 'alice', password: 'correct horse' }, browser),
    ];
    expect(await listSessions(user('alice'), { session: two.text })).toMatchObject({
      sessions: [{ userAgent: 'Browser/1' }, {}, {}],
      current: two.session.id,
    });
    expect(await listSessions(user('bob'), { session: two.text })).toEqual({ sessions: [], current: null });
    await logOut(user('alice'), { session: one.text });
    await logOut(user('alice'), { session: one.text });
    await expect(logOut(user('alice'), { session: undefined })).rejects.toMatchObject({ code: 'session_missing' });
    await expect(revokeSession(user('bob'), { id: two.session.id })).rejects.toMatchObject({ code: 'session_missing' });
    await revokeSession(user('alice'), { id: two.session.id });
    expect((await listSessions(user('alice'))).sessions).toEqual([three.session]);
    await changeOwnPassword(user('alice'), { oldPassword: 'correct horse', newPassword: 'battery staple' }, HERE);
    expect(await listSessions(user('alice'))).toEqual({ sessions: [], current: null });
    await logIn({ userId: 'alice', password: 'battery staple' }, browser);
    await changePassword(OPERATOR, { userId: 'alice', password: 'and another' });
    expect(await listSessions(user('alice'))).toEqual({ sessions: [], current: null });
  });

  it('needs the old password to set a new one, and a new one that nobody guesses first', async () => {
    const { changeOwnPassword, createUser } = await withAlice();
    const change = (oldPassword: string, newPassword: string) =>
      changeOwnPassword(user('alice'), { oldPassword, newPassword }, HERE);
    await expect(change('wrong horse', 'battery staple')).rejects.toMatchObject({ code: 'password_differs' });
    const tooCommon = { details: { rule: 'too_common' } };
    await expect(change('correct horse', COMMON_PASSWORD)).rejects.toMatchObject(tooCommon);
    await expect(createUser(OPERATOR, { userId: 'bob', password: COMMON_PASSWORD })).rejects.toMatchObject(tooCommon);
  });
});

describe('what is a user’s own', () => {
  const weak = callingAccount({ scope: ['PROJECT'] });

  it('is told to them: who they are, known or not', async () => {
    const { showSelf, createUser } = await withAlice();
    await createUser(OPERATOR, { userId: 'carol', name: 'Carol', admin: true });
    expect(await showSelf({ ...user('carol'), admin: true })).toEqual({ userId: 'carol', name: 'Carol', admin: true });
    expect(await showSelf(user('stranger'))).toEqual({ userId: 'stranger', name: null, admin: false });
    await expect(showSelf(OPERATOR)).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('is not for a platform without the scope SYSTEM to see or to change', async () => {
    const { showSelf, listSessions, revokeSession, logOut, changeOwnPassword, listTokens, createToken } =
      await withAlice();
    const through = user('alice', weak);
    const passwords = { oldPassword: 'correct horse', newPassword: 'battery staple' };
    for (const call of [
      showSelf(through),
      listSessions(through),
      revokeSession(through, { id: 'any' }),
      logOut(through, { session: undefined }),
      changeOwnPassword(through, passwords, HERE),
      listTokens(through),
      createToken(through, { name: null, lifetime: DAY }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'account_not_allowed' });
  });
});

describe('whoever fails', () => {
  it('is counted by name and address, whatever the scheme', async () => {
    const { asToken, authenticate, failures, text } = await withAlice();
    await asToken(text);
    expect(failures.seen).toEqual([]);
    await expect(asToken('nonsense')).rejects.toThrow(PlatformError);
    await expect(authenticate({ scheme: 'password', userId: 'alice', password: 'x' }, HERE)).rejects.toThrow(
      PlatformError,
    );
    const key = { scheme: 'platform', accessKey: 'cak_x', secretKey: 'csk_x', userId: null } as const;
    await expect(authenticate(key, HERE)).rejects.toThrow(PlatformError);
    expect(failures.seen).toEqual([
      { name: null, address: HERE.address },
      { name: 'alice', address: HERE.address },
      { name: 'cak_x', address: HERE.address },
    ]);
  });

  it('has to wait, right or wrong; the right secret from another address does not', async () => {
    const { authenticate, failures } = await withAlice();
    const claim = { scheme: 'password', userId: 'alice', password: 'correct horse' } as const;
    failures.block({ name: 'alice', address: HERE.address }, 1_500);
    await expect(authenticate(claim, HERE)).rejects.toMatchObject({
      code: 'too_many_requests',
      details: { retryAfter: 2 },
    });
    expect(await authenticate(claim, { ...HERE, address: '198.51.100.7' })).toMatchObject({ userId: 'alice' });
  });

  it('learns nothing from guesses that were under way when there were too many, be they right or wrong', async () => {
    const { authenticate, failures } = await withAlice();
    const guess = (password: string) => authenticate({ scheme: 'password', userId: 'alice', password }, HERE);
    const guesses = [guess('wrong horse'), guess('correct horse')];
    failures.block({ name: 'alice', address: HERE.address }, 1_500);
    for (const one of guesses) await expect(one).rejects.toMatchObject({ code: 'too_many_requests' });
    expect(failures.seen).toEqual([]);
  });

  it('is counted too for guessing at the password that a session’s thief does not know', async () => {
    const { changeOwnPassword, failures } = await withAlice();
    const guess = () =>
      changeOwnPassword(user('alice'), { oldPassword: 'wrong horse', newPassword: 'battery staple' }, HERE);
    await expect(guess()).rejects.toMatchObject({ code: 'password_differs' });
    expect(failures.seen).toEqual([{ name: 'alice', address: HERE.address }]);
    failures.block({ name: 'alice', address: HERE.address }, 1_500);
    await expect(guess()).rejects.toMatchObject({ code: 'too_many_requests' });
  });

  it('is not counted for being locked: that took the right secret', async () => {
    const { asToken, text, lockUser, failures } = await withAlice();
    await lockUser(OPERATOR, { userId: 'alice', locked: true });
    await expect(asToken(text)).rejects.toMatchObject({ code: 'user_locked' });
    expect(failures.seen).toEqual([]);
  });
});

describe('a bare user header', () => {
  it('makes the user it names, known or not, unless that user is locked', async () => {
    const { authenticate, createUser, updateUser, lockUser } = await withAlice();
    await createUser(OPERATOR, { userId: 'root', admin: true });
    const as = (userId: string) => authenticate({ scheme: 'header', userId: userId as UserId }, HERE);
    expect(await as('stranger')).toEqual({
      kind: 'user',
      userId: 'stranger',
      admin: false,
      account: null,
      origin: HERE,
    });
    await updateUser(OPERATOR, { userId: 'alice', admin: true });
    expect(await as('alice')).toMatchObject({ admin: true });
    await lockUser(OPERATOR, { userId: 'alice', locked: true });
    await expect(as('alice')).rejects.toMatchObject({ code: 'user_locked' });
  });
});

async function told<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
