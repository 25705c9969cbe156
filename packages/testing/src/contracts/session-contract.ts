import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Session, SessionId, User } from '@claviger/domain';
import { aSession, aSessionEvent, aUserEvent } from '../builders.js';
import type { Database } from '../memory-database.js';
import { givenUser, type OpenEmpty } from './open-empty.js';

/** What every reader and every store of sessions keeps. */
export function sessionContract(open: OpenEmpty): void {
  describe('sessions', () => {
    let database: Database;
    let alice: User;
    let bob: User;
    beforeEach(async () => {
      database = await open();
      alice = await givenUser(database, { userId: 'alice' });
      bob = await givenUser(database, { userId: 'bob' });
    });

    const login = async (told: Parameters<typeof aSession>[0] = {}): Promise<Session> => {
      const session = aSession(told);
      await database.unitOfWork.run(({ sessions }) => sessions.add(session, aSessionEvent()));
      return session;
    };
    const found = async ({ mac }: Session) => (await database.sessions.findByMac(mac))?.session ?? null;

    describe('a reader of sessions', () => {
      test('gives every field back as it was kept', async () => {
        const full = await login({ address: '2001:db8::1', userAgent: 'Browser/1 (行; "x")', expiresAt: 9e15 });
        const bare = await login();
        for (const session of [full, bare]) expect(await found(session)).toEqual(session);
        expect(await database.sessions.list(alice.userId)).toEqual([full, bare]);
      });

      test('gives with a session what calls are judged by of its user, as it is now', async () => {
        const session = await login();
        const bearing = async () => (await database.sessions.findByMac(session.mac))?.user;
        expect(await bearing()).toEqual({ userId: 'alice', admin: false, locked: false });
        const changed = { ...alice, admin: true, locked: true };
        await database.unitOfWork.run(({ users }) => users.save(changed, aUserEvent('user.amended')));
        expect(await bearing()).toEqual({ userId: 'alice', admin: true, locked: true });
      });

      test('finds a session by its exact mac, expired ones too', async () => {
        const expired = await login({ expiresAt: 1 });
        expect(await found(expired)).toEqual(expired);
        expect(await database.sessions.findByMac(expired.mac.toUpperCase() as Session['mac'])).toBeNull();
      });

      test('sees nothing of an open unit of work', async () => {
        const session = aSession();
        await database.unitOfWork.run(async ({ sessions }) => {
          await sessions.add(session, aSessionEvent());
          expect(await found(session)).toBeNull();
          expect(await database.sessions.list(alice.userId)).toEqual([]);
        });
        expect(await found(session)).toEqual(session);
      });

      test('lists the sessions of one user, oldest first', async () => {
        const built = [aSession(), aSession({ userId: bob.userId }), aSession()];
        await database.unitOfWork.run(async ({ sessions }) => {
          for (const session of built.toReversed()) await sessions.add(session, aSessionEvent());
        });
        expect(await database.sessions.list(alice.userId)).toEqual([built[0], built[2]]);
      });
    });

    describe('a store of sessions', () => {
      test('sees its own writes', async () => {
        const session = aSession();
        await database.unitOfWork.run(async ({ sessions }) => {
          await sessions.add(session, aSessionEvent());
          expect(await sessions.find(session.id)).toEqual(session);
          await sessions.remove(session, aSessionEvent('session.closed'));
          expect(await sessions.find(session.id)).toBeNull();
        });
      });

      test.each(['', 'no id', 'nul \0 in it', '\ud800'])('finds nothing by a text that is no id: %j', async (text) => {
        expect(await database.unitOfWork.run(({ sessions }) => sessions.find(text as SessionId))).toBeNull();
      });

      test('refuses a session of a user who is not there', async () => {
        await expect(login({ userId: 'nobody' })).rejects.toMatchObject({ code: 'user_missing' });
      });

      test('removes one session, and what is gone already is gone', async () => {
        const [leaving, staying] = [await login(), await login()];
        for (let time = 0; time < 2; time++)
          await database.unitOfWork.run(({ sessions }) => sessions.remove(leaving, aSessionEvent('session.closed')));
        expect(await database.sessions.list(alice.userId)).toEqual([staying]);
      });

      test('removes every session of one user', async () => {
        const [, , theirs] = [await login(), await login(), await login({ userId: bob.userId })];
        await database.unitOfWork.run(({ sessions }) => sessions.removeAllOf(alice.userId));
        expect(await database.sessions.list(alice.userId)).toEqual([]);
        expect(await database.sessions.list(bob.userId)).toEqual([theirs]);
      });

      test('loses the sessions of a user who is removed, and no others', async () => {
        const [mine, theirs] = [await login(), await login({ userId: bob.userId })];
        await database.unitOfWork.run(({ users }) => users.remove(alice, aUserEvent('user.deleted')));
        expect(await found(mine)).toBeNull();
        expect(await found(theirs)).toEqual(theirs);
      });

      test('removes at most that many that expired before that, the oldest first, and tells how many', async () => {
        for (const expiresAt of [4, 1, 3, 2]) await login({ expiresAt });
        const removeExpired = (at: number, limit: number) =>
          database.unitOfWork.run(({ sessions }) => sessions.removeExpired(at, limit));
        expect(await removeExpired(1, 10)).toBe(0);
        expect(await removeExpired(4, 2)).toBe(2);
        expect((await database.sessions.list(alice.userId)).map(({ expiresAt }) => expiresAt)).toEqual([4, 3]);
        expect(await removeExpired(4, 2)).toBe(1);
        expect(await removeExpired(5, 2)).toBe(1);
      });
    });
  });
}
