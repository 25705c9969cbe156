import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Account, AccountId, ArtifactHash, GrantedKind, OAuthArtifact, User } from '@claviger/domain';
import { anAuthorization, anAuthorizationEvent, anEvent, aUserEvent } from '../builders.js';
import { NEW_YEAR } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { amend, given, givenUser, type OpenEmpty } from './open-empty.js';

const hash = (text: string): ArtifactHash => text.padEnd(64, '0') as ArtifactHash;

/** What every reader and every store of OAuth artifacts keeps. */
export function artifactContract(open: OpenEmpty): void {
  describe('a store of OAuth artifacts', () => {
    let database: Database;
    let account: Account;
    let alice: User;
    let bob: User;
    beforeEach(async () => {
      database = await open();
      account = await given(database, {
        grantTypes: ['AUTHORIZATION_CODE'],
        homepageUrl: 'https://app.example/',
        redirectUri: 'https://app.example/back',
        scope: ['PROJECT'],
      });
      alice = await givenUser(database, { userId: 'alice' });
      bob = await givenUser(database, { userId: 'bob' });
      for (const { userId } of [alice, bob]) {
        await authorize(userId);
        await put(userId, { kind: 'Grant', userId });
      }
    });

    const authorize = (userId: string) => {
      const word = anAuthorization({ userId, accountId: account.id });
      return database.unitOfWork.run(({ authorizations }) => authorizations.put(word, anAuthorizationEvent()));
    };
    const anArtifact = (name: string, told: Partial<OAuthArtifact> = {}): OAuthArtifact => ({
      kind: 'AccessToken',
      idHash: hash(name),
      grantHash: hash(told.userId ?? alice.userId),
      userId: alice.userId,
      accountId: account.id,
      scope: ['PROJECT'],
      payload: 'sealed',
      expiresAt: NEW_YEAR,
      consumedAt: null,
      ...told,
    });
    const put = async (name: string, told: Partial<OAuthArtifact> = {}): Promise<OAuthArtifact> => {
      const artifact = anArtifact(name, told);
      await database.unitOfWork.run(({ oauth }) => oauth.put(artifact));
      return artifact;
    };
    const found = ({ kind, idHash }: OAuthArtifact) => database.oauth.find(kind, idHash);

    test('gives every field back, by kind and hash alone', async () => {
      const full = await put('a', { consumedAt: 5, expiresAt: 9e15 });
      const bare = await put('a', { kind: 'Interaction', grantHash: null, userId: null, accountId: null, scope: [] });
      expect(await found(full)).toEqual(full);
      expect(await found(bare)).toEqual(bare);
      expect(await database.oauth.find('RefreshToken', full.idHash)).toBeNull();
    });

    test('finds what was granted with those whom it is good for, as they are now', async () => {
      const token = await put('token', { scope: ['SYSTEM', 'PROJECT'] });
      const { id, appId, locked, grantTypes } = account;
      const granted = (kind: GrantedKind) => database.oauth.findGranted(kind, token.idHash);
      const user = { userId: alice.userId, admin: alice.admin, locked: false };
      expect(await granted('AccessToken')).toEqual({
        artifact: token,
        account: { id, appId, locked, grantTypes, scope: ['PROJECT'] },
        user,
      });
      await database.unitOfWork.run((stores) =>
        amend(stores, account, (it) => ({ ...it, scope: ['REPO'] }), anEvent('account.amended')),
      );
      expect((await granted('AccessToken'))?.account.scope).toEqual(['REPO']);
      expect(await granted('RefreshToken')).toBeNull();
    });

    test('lets nothing that was granted live longer than its grant', async () => {
      const [brief, lasting] = [await put('brief', { expiresAt: 5 }), await put('lasting', { expiresAt: 20 })];
      await put('alice', { kind: 'Grant', expiresAt: 10 });
      const end = async ({ idHash }: OAuthArtifact) =>
        (await database.oauth.findGranted('AccessToken', idHash))?.artifact.expiresAt;
      expect([await end(brief), await end(lasting)]).toEqual([5, 10]);
      expect((await found(lasting))?.expiresAt).toBe(20);
    });

    test('finds nobody’s artifact as one that was granted', async () => {
      const { idHash } = await put('a', { kind: 'Grant', userId: null, accountId: null });
      expect(await database.oauth.findGranted('Grant', idHash)).toBeNull();
    });

    test('tells what a user granted, and of those accounts alone', async () => {
      const word = anAuthorization({ userId: 'alice', accountId: account.id });
      expect(await database.oauth.authorizationsOf(alice.userId, [account.id])).toEqual([word]);
      expect(await database.oauth.authorizationsOf(alice.userId, [])).toEqual([]);
      expect(await database.oauth.authorizationsOf(alice.userId, ['other' as AccountId])).toEqual([]);
    });

    test('replaces what was kept, but not that it was consumed', async () => {
      const code = await put('code');
      expect(await database.unitOfWork.run(({ oauth }) => oauth.consume(code.kind, code.idHash, 7))).toBe(true);
      await put('code', { payload: 'other' });
      expect(await found(code)).toEqual({ ...code, payload: 'other', consumedAt: 7 });
    });

    test('is redeemed by exactly one of fifty at once', async () => {
      const { kind, idHash } = await put('code');
      const redeem = (_: unknown, at: number) =>
        database.unitOfWork.run(({ oauth }) => oauth.consume(kind, idHash, at));
      const told = await Promise.all(Array.from({ length: 50 }, redeem));
      expect(told.filter(Boolean)).toHaveLength(1);
    });

    test('redeems nothing that is not there', async () => {
      expect(await database.unitOfWork.run(({ oauth }) => oauth.consume('AccessToken', hash('no'), 1))).toBe(false);
    });

    test('removes one, and everything of one grant', async () => {
      const [one, two, three] = [await put('1'), await put('2'), await put('3', { userId: bob.userId })];
      await database.unitOfWork.run(({ oauth }) => oauth.remove(one.kind, one.idHash));
      expect([await found(one), await found(two)]).toEqual([null, two]);
      await database.unitOfWork.run(({ oauth }) => oauth.revokeGrant(hash('alice')));
      expect([await found(two), await found(three)]).toEqual([null, three]);
    });

    test('takes nothing for a grant that was revoked, and keeps nothing that was put beside that', async () => {
      const puts = Array.from({ length: 20 }, (_, i) => anArtifact(String(i)));
      const keep = (artifact: OAuthArtifact) => database.unitOfWork.run(({ oauth }) => oauth.put(artifact));
      const before = puts.slice(0, 10).map(keep);
      const revoked = database.unitOfWork.run(({ oauth }) => oauth.revokeGrant(hash('alice')));
      await Promise.allSettled([...before, ...puts.slice(10).map(keep)]);
      await revoked;
      expect(await Promise.all(puts.map(found))).toEqual(puts.map(() => null));
      await expect(put('late')).rejects.toMatchObject({ code: 'authorization_missing' });
    });

    test('removes at most that many that expired before that, the oldest first', async () => {
      const kept = [
        await put('1', { expiresAt: 3 }),
        await put('2', { expiresAt: 1 }),
        await put('3', { expiresAt: 2 }),
      ];
      const removeExpired = (at: number, limit: number) =>
        database.unitOfWork.run(({ oauth }) => oauth.removeExpired(at, limit));
      expect([await removeExpired(1, 9), await removeExpired(3, 1), await removeExpired(3, 9)]).toEqual([0, 1, 1]);
      expect(await Promise.all(kept.map(found))).toEqual([kept[0], null, null]);
    });

    const ends: readonly [string, 'alice' | 'both', () => Promise<unknown>][] = [
      [
        'the authorization is taken back',
        'alice',
        () => {
          const word = anAuthorization({ userId: 'alice', accountId: account.id });
          const because = anAuthorizationEvent('authorization.revoked');
          return database.unitOfWork.run(({ authorizations }) => authorizations.remove(word, because));
        },
      ],
      [
        'the account is locked',
        'both',
        () =>
          database.unitOfWork.run((stores) =>
            amend(stores, account, (it) => ({ ...it, locked: true }), anEvent('account.locked')),
          ),
      ],
      [
        'the account is deleted',
        'both',
        () => database.unitOfWork.run(({ accounts }) => accounts.remove(account, anEvent('account.deleted'))),
      ],
      [
        'the user is locked',
        'alice',
        () => database.unitOfWork.run(({ users }) => users.save({ ...alice, locked: true }, aUserEvent('user.locked'))),
      ],
      [
        'the user is deleted',
        'alice',
        () => database.unitOfWork.run(({ users }) => users.remove(alice, aUserEvent('user.deleted'))),
      ],
    ];

    test.each(ends)('loses what is good for that pair when %s, and takes nothing new', async (_, whose, end) => {
      const [mine, theirs] = [await put('1'), await put('2', { userId: bob.userId })];
      await end();
      expect([await found(mine), await found(theirs)]).toEqual([null, whose === 'both' ? null : theirs]);
      await expect(put('3')).rejects.toMatchObject({ code: 'authorization_missing' });
      if (whose === 'alice') await put('4', { userId: bob.userId });
    });

    test('keeps everything when the unit in which the authorization is taken back fails', async () => {
      const mine = await put('1');
      const word = anAuthorization({ userId: 'alice', accountId: account.id });
      const failing = database.unitOfWork.run(async ({ authorizations }) => {
        await authorizations.remove(word, anAuthorizationEvent('authorization.revoked'));
        throw new Error('late');
      });
      await expect(failing).rejects.toThrow('late');
      expect(await found(mine)).toEqual(mine);
    });
  });
}
