import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Stores } from '@claviger/domain';
import {
  anAccount,
  anAuthorization,
  anAuthorizationEvent,
  anEvent,
  aSession,
  aSessionEvent,
  aToken,
  aTokenEvent,
  aUser,
  aUserEvent,
} from '../builders.js';
import { NEW_YEAR } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { given, type OpenEmpty } from './open-empty.js';

const THE_END = NEW_YEAR + 1_000_000;

/** What every audit trail keeps. */
export function auditTrailContract(open: OpenEmpty): void {
  describe('an audit trail', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const removeBefore = (at: number, limit: number) =>
      database.unitOfWork.run(({ audit }) => audit.removeBefore(at, limit));

    test('gets one record beside every change', async () => {
      const [account, user] = [await given(database), aUser()];
      await removeBefore(THE_END, 100);
      const word = anAuthorization({ userId: 'carol', accountId: account.id });
      const [token, session] = [aToken({ userId: user.userId }), aSession({ userId: user.userId })];
      const changes: ((stores: Stores) => Promise<void>)[] = [
        ({ accounts }) => accounts.add(anAccount(), anEvent('account.opened')),
        ({ accounts }) => accounts.save(account, anEvent()),
        ({ authorizations }) => authorizations.put(word, anAuthorizationEvent()),
        ({ authorizations }) => authorizations.remove(word, anAuthorizationEvent('authorization.revoked')),
        ({ accounts }) => accounts.remove({ ...account, version: 2 }, anEvent('account.deleted')),
        ({ users }) => users.add(user, aUserEvent()),
        ({ users }) => users.save(user, aUserEvent('user.locked')),
        ({ tokens }) => tokens.add(token, aTokenEvent()),
        ({ tokens }) => tokens.remove(token, aTokenEvent('token.revoked')),
        ({ sessions }) => sessions.add(session, aSessionEvent()),
        ({ sessions }) => sessions.remove(session, aSessionEvent('session.closed')),
        ({ users }) => users.remove({ ...user, version: 2 }, aUserEvent('user.deleted')),
      ];
      for (const change of changes) {
        await database.unitOfWork.run(change);
        expect(await removeBefore(THE_END, 100)).toBe(1);
      }
    });

    test('gets no record of what was gone already', async () => {
      await database.unitOfWork.run(async ({ tokens, sessions }) => {
        await tokens.remove(aToken(), aTokenEvent('token.revoked'));
        await sessions.remove(aSession(), aSessionEvent('session.closed'));
      });
      expect(await removeBefore(THE_END, 100)).toBe(0);
    });

    test('gets no record of a change that failed', async () => {
      const account = await given(database);
      await removeBefore(THE_END, 100);
      const late = database.unitOfWork.run(({ accounts }) => accounts.save({ ...account, version: 9 }, anEvent()));
      await expect(late).rejects.toMatchObject({ code: 'write_was_stale' });
      expect(await removeBefore(THE_END, 100)).toBe(0);
    });

    test('removes at most that many records older than that, and tells how many', async () => {
      await database.unitOfWork.run(async ({ users }) => {
        for (const at of [1, 2, 3, 4]) await users.add(aUser(), aUserEvent('user.registered', at));
      });
      expect(await removeBefore(1, 10)).toBe(0);
      expect(await removeBefore(4, 2)).toBe(2);
      expect(await removeBefore(4, 2)).toBe(1);
      expect(await removeBefore(4, 2)).toBe(0);
      expect(await removeBefore(5, 2)).toBe(1);
    });
  });
}
