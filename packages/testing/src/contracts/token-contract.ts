import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AccessToken, TokenId, User } from '@claviger/domain';
import { aToken, aTokenEvent, aUserEvent } from '../builders.js';
import { NEW_YEAR } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { givenUser, type OpenEmpty } from './open-empty.js';

/** What every reader and every store of access tokens keeps. */
export function tokenContract(open: OpenEmpty): void {
  describe('access tokens', () => {
    let database: Database;
    let alice: User;
    beforeEach(async () => {
      database = await open();
      alice = await givenUser(database, { userId: 'alice' });
    });

    const issue = async (told: Parameters<typeof aToken>[0] = {}): Promise<AccessToken> => {
      const token = aToken(told);
      await database.unitOfWork.run(({ tokens }) => tokens.add(token, aTokenEvent()));
      return token;
    };
    const page = (limit: number, after: TokenId | null = null) => ({ limit, after });
    const found = async ({ mac }: AccessToken) => (await database.tokens.findByMac(mac))?.token ?? null;

    describe('a reader of access tokens', () => {
      test('gives every field back as it was kept', async () => {
        const full = await issue({
          name: '李雷 🙂',
          createdAt: 1,
          expiresAt: Date.UTC(2286, 10, 21),
          lastUsedAt: 60_000,
        });
        const bare = await issue();
        for (const token of [full, bare]) expect(await found(token)).toEqual(token);
        expect(await database.tokens.list(null, page(10))).toEqual([full, bare]);
      });

      test('gives with a token what calls are judged by of its user, as it is now', async () => {
        const root = await givenUser(database, { admin: true });
        const [mine, theirs] = [await issue(), await issue({ userId: root.userId })];
        const bearing = async ({ mac }: AccessToken) => (await database.tokens.findByMac(mac))?.user;
        expect(await bearing(mine)).toEqual({ userId: 'alice', admin: false, locked: false });
        expect(await bearing(theirs)).toEqual({ userId: root.userId, admin: true, locked: false });
        await database.unitOfWork.run(({ users }) => users.save({ ...alice, locked: true }, aUserEvent('user.locked')));
        expect(await bearing(mine)).toEqual({ userId: 'alice', admin: false, locked: true });
      });

      test('finds a token by its exact mac, expired ones too', async () => {
        const expired = await issue({ expiresAt: 1 });
        expect(await found(expired)).toEqual(expired);
        expect(await database.tokens.findByMac(expired.mac.toUpperCase() as AccessToken['mac'])).toBeNull();
        expect(await database.tokens.findByMac('' as AccessToken['mac'])).toBeNull();
      });

      test('sees nothing of an open unit of work', async () => {
        const token = aToken();
        await database.unitOfWork.run(async ({ tokens }) => {
          await tokens.add(token, aTokenEvent());
          expect(await found(token)).toBeNull();
          expect(await database.tokens.list(null, page(10))).toEqual([]);
        });
        expect(await found(token)).toEqual(token);
      });

      test('lists the tokens of one user, or of all, in order of creation and page by page', async () => {
        const bob = await givenUser(database, { userId: 'bob' });
        const built = [aToken(), aToken({ userId: bob.userId }), aToken(), aToken()];
        await database.unitOfWork.run(async ({ tokens }) => {
          for (const token of built.toReversed()) await tokens.add(token, aTokenEvent());
        });
        const [first, second, third, fourth] = built;
        expect(await database.tokens.list(null, page(3))).toEqual([first, second, third]);
        expect(await database.tokens.list(null, page(3, third?.id))).toEqual([fourth]);
        expect(await database.tokens.list(alice.userId, page(2))).toEqual([first, third]);
        expect(await database.tokens.list(alice.userId, page(2, third?.id))).toEqual([fourth]);
        expect(await database.tokens.list(bob.userId, page(2))).toEqual([second]);
      });
    });

    describe('a store of access tokens', () => {
      test('sees its own writes', async () => {
        const token = aToken({ name: 'laptop' });
        await database.unitOfWork.run(async ({ tokens }) => {
          await tokens.add(token, aTokenEvent());
          expect(await tokens.find(token.id)).toEqual(token);
          await tokens.remove(token, aTokenEvent('token.revoked'));
          expect(await tokens.find(token.id)).toBeNull();
        });
      });

      test.each(['', 'no id', "'; --", 'nul \0 in it', '\ud800', 'x'.repeat(10_000)])(
        'finds nothing by a text that is no id: %j',
        async (text) => {
          expect(await database.unitOfWork.run(({ tokens }) => tokens.find(text as TokenId))).toBeNull();
        },
      );

      test('refuses a token of a user who is not there', async () => {
        await expect(issue({ userId: 'nobody' })).rejects.toMatchObject({ code: 'user_missing' });
        expect(await database.tokens.list(null, page(10))).toEqual([]);
      });

      test('removes one token, and what is gone already is gone', async () => {
        const [leaving, staying] = [await issue(), await issue()];
        for (let time = 0; time < 2; time++)
          await database.unitOfWork.run(({ tokens }) => tokens.remove(leaving, aTokenEvent('token.revoked')));
        expect(await database.tokens.list(null, page(10))).toEqual([staying]);
      });

      test('loses the tokens of a user who is removed, and no others', async () => {
        const bob = await givenUser(database, { userId: 'bob' });
        const [mine, theirs] = [await issue(), await issue({ userId: bob.userId })];
        await database.unitOfWork.run(({ users }) => users.remove(alice, aUserEvent('user.deleted')));
        expect(await found(mine)).toBeNull();
        expect(await database.tokens.list(null, page(10))).toEqual([theirs]);
      });

      test('keeps the tokens of a user who is saved', async () => {
        const token = await issue();
        await database.unitOfWork.run(({ users }) => users.save({ ...alice, name: 'Al' }, aUserEvent('user.amended')));
        expect(await found(token)).toEqual(token);
      });

      test('notes when tokens were last used, never back in time, and not for tokens that are gone', async () => {
        const [never, before, after, same] = [
          await issue(),
          await issue({ lastUsedAt: 1_000 }),
          await issue({ lastUsedAt: 9_000 }),
          await issue({ lastUsedAt: 9_000 }),
        ];
        const idle = await issue();
        const uses = new Map([
          [never.id, 5_000],
          [before.id, 5_000],
          [after.id, 5_000],
          [same.id, 60_000],
          [aToken().id, 5_000],
        ]);
        await database.unitOfWork.run(({ tokens }) => tokens.noteUses(uses));
        const listed = await database.tokens.list(null, page(10));
        expect(listed).toEqual([
          { ...never, lastUsedAt: 5_000 },
          { ...before, lastUsedAt: 5_000 },
          after,
          { ...same, lastUsedAt: 60_000 },
          idle,
        ]);
      });

      test('notes the uses of more tokens than one statement can name', async () => {
        const tokens = Array.from({ length: 2_500 }, () => aToken());
        const [first, last] = [tokens.at(0), tokens.at(-1)];
        if (!first || !last) throw new Error('There are tokens.');
        await database.unitOfWork.run(async (stores) => {
          for (const token of [first, last]) await stores.tokens.add(token, aTokenEvent());
          await stores.tokens.noteUses(new Map(tokens.map(({ id }) => [id, NEW_YEAR])));
        });
        for (const token of [first, last]) expect(await found(token)).toEqual({ ...token, lastUsedAt: NEW_YEAR });
      });

      test('removes at most that many that expired before that, the oldest first, and tells how many', async () => {
        for (const expiresAt of [4, 1, 3, 2]) await issue({ expiresAt });
        const removeExpired = (at: number, limit: number) =>
          database.unitOfWork.run(({ tokens }) => tokens.removeExpired(at, limit));
        expect(await removeExpired(1, 10)).toBe(0);
        expect(await removeExpired(4, 2)).toBe(2);
        expect((await database.tokens.list(null, page(10))).map(({ expiresAt }) => expiresAt)).toEqual([4, 3]);
        expect(await removeExpired(4, 2)).toBe(1);
        expect(await removeExpired(5, 2)).toBe(1);
      });
    });
  });
}
