import { beforeEach, describe, expect, test } from '@jest/globals';
import { parseUserId, type PasswordHash, type User } from '@claviger/domain';
import { aUser, aUserEvent } from '../builders.js';
import type { Database } from '../memory-database.js';
import type { OpenEmpty } from './open-empty.js';

/** What every reader and every store of users keeps. */
export function userContract(open: OpenEmpty): void {
  describe('a reader of users', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const register = (user: User) => database.unitOfWork.run(({ users }) => users.add(user, aUserEvent()));

    test('gives every field back as it was kept', async () => {
      const full = aUser({ name: '李雷 🙂', passwordHash: '$argon2id$x' as PasswordHash, admin: true, locked: true });
      const bare = aUser();
      await register(full);
      await register(bare);
      expect(await database.users.find(full.userId)).toEqual(full);
      expect(await database.users.find(bare.userId)).toEqual(bare);
    });

    test('finds users by their exact userId', async () => {
      await register(aUser({ userId: 'alice' }));
      expect(await database.users.find(parseUserId('Alice'))).toBeNull();
    });

    test('sees nothing of an open unit of work', async () => {
      const user = aUser();
      await database.unitOfWork.run(async ({ users }) => {
        await users.add(user, aUserEvent());
        expect(await database.users.find(user.userId)).toBeNull();
        expect(await database.users.list({ limit: 10, after: null })).toEqual([]);
      });
      expect(await database.users.find(user.userId)).toEqual(user);
    });

    test('lists users by code unit of their userId, page by page', async () => {
      for (const userId of ['b', 'a', '_', 'B', '9', 'a.b', 'a-b', 'Z']) await register(aUser({ userId }));
      const seen: string[] = [];
      for (const length of [3, 3, 2, 0]) {
        const after = seen.at(-1);
        const page = await database.users.list({ limit: 3, after: after === undefined ? null : parseUserId(after) });
        expect(page).toHaveLength(length);
        seen.push(...page.map(({ userId }) => userId));
      }
      expect(seen).toEqual(['9', 'B', 'Z', '_', 'a', 'a-b', 'a.b', 'b']);
    });
  });

  describe('a store of users', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const register = (user: User) => database.unitOfWork.run(({ users }) => users.add(user, aUserEvent()));

    test('sees its own writes', async () => {
      const user = aUser();
      await database.unitOfWork.run(async ({ users }) => {
        expect(await users.isEmpty()).toBe(true);
        await users.add(user, aUserEvent());
        expect(await users.isEmpty()).toBe(false);
        await users.save({ ...user, name: 'New' }, aUserEvent('user.locked'));
        const saved = { ...user, name: 'New', version: 2 };
        expect(await users.find(user.userId)).toEqual(saved);
        await users.remove(saved, aUserEvent('user.deleted'));
        expect(await users.find(user.userId)).toBeNull();
        expect(await users.isEmpty()).toBe(true);
      });
    });

    test('refuses a userId that is taken, even by a concurrent writer', async () => {
      const outcomes = await Promise.allSettled(
        ['One', 'Two', 'Three'].map((name) => register(aUser({ userId: 'alice', name }))),
      );
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(reasons).toEqual([
        expect.objectContaining({ code: 'user_exists' }),
        expect.objectContaining({ code: 'user_exists' }),
      ]);
      await expect(register(aUser({ userId: 'alice' }))).rejects.toMatchObject({ code: 'user_exists' });
    });

    test('saves a user with its version counted up', async () => {
      const user = aUser();
      await register(user);
      const wanted: User = {
        ...user,
        name: 'Bo',
        passwordHash: 'x' as PasswordHash,
        admin: true,
        locked: true,
        lastModifiedAt: 7,
      };
      await database.unitOfWork.run(({ users }) => users.save(wanted, aUserEvent('user.locked')));
      expect(await database.users.find(user.userId)).toEqual({ ...wanted, version: 2 });
    });

    test('refuses to save or remove any but the stored version', async () => {
      const user = aUser();
      await register(user);
      await database.unitOfWork.run(({ users }) => users.save({ ...user, name: 'first' }, aUserEvent('user.locked')));
      for (const what of ['save', 'remove'] as const) {
        const late = database.unitOfWork.run(({ users }) =>
          users[what]({ ...user, name: 'late' }, aUserEvent('user.locked')),
        );
        await expect(late).rejects.toMatchObject({ code: 'write_was_stale' });
      }
      expect((await database.users.find(user.userId))?.name).toBe('first');
    });

    test('counts the admins who are not locked', async () => {
      await register(aUser({ admin: true }));
      await register(aUser({ admin: true }));
      await register(aUser({ admin: true, locked: true }));
      await register(aUser());
      await database.unitOfWork.run(async ({ users }) => expect(await users.countActingAdmins()).toBe(2));
    });

    test('keeps the number of admins true until the unit ends: of two who leave at once, one stays', async () => {
      for (let round = 0; round < 5; round++) {
        const admins = [aUser({ admin: true }), aUser({ admin: true })];
        for (const admin of admins) await register(admin);
        const leave = ({ userId }: User) =>
          database.unitOfWork.run(async ({ users }) => {
            const leaving = await users.find(userId);
            if (!leaving || (await users.countActingAdmins()) === 1) return;
            await users.remove(leaving, aUserEvent('user.deleted'));
          });
        await Promise.all(admins.map(leave));
        const left = await database.users.list({ limit: 10, after: null });
        expect(left).toHaveLength(1);
        for (const last of left)
          await database.unitOfWork.run(({ users }) => users.remove(last, aUserEvent('user.deleted')));
      }
    });
  });
}
