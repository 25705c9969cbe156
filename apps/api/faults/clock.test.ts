import { OPERATOR, type UserCaller, type UserId } from '@claviger/domain';
import { fixedClock } from '@claviger/testing';
import { describe, expect, test } from '@jest/globals';
import { onOpenedPlatforms } from './opened-platforms.js';

const [DAY, YEAR] = [86_400_000, 365 * 86_400_000];
const PERIODS = {
  'delete-expired': 3_600_000,
  'retire-idle': 60_000,
  'warn-of-expiry': 3_600_000,
  'seal-audit': 10_000,
  'rotate-signing-keys': DAY,
};
const HERE = { address: '192.0.2.1', traceId: '0af7651916cd43dd8448eb211c80319c' };
const PASSWORD = 'correct horse battery';
const ALICE: UserCaller = { kind: 'user', userId: 'alice' as UserId, admin: false, account: null };

onOpenedPlatforms((openFresh) => {
  describe('when the clock jumps forward a year and back', () => {
    test('what had expired by then is good again, what has not is good all the time, and nothing is done twice or no more', async () => {
      // At midnight, so that no period ends on the way.
      const now = Date.now();
      const clock = fixedClock(now - (now % DAY));
      const start = clock.now();
      const [platform] = await openFresh(1, { clock });
      if (!platform) throw new Error('There is no platform.');
      await platform.createUser(OPERATOR, { userId: 'alice', password: PASSWORD });
      const { keyPairs } = await platform.createAccount(OPERATOR, {
        appId: 'builds',
        authorizationGrantTypes: ['PLATFORM'],
      });
      const [lasting] = keyPairs;
      if (!lasting) throw new Error('There is no key.');
      const expiresAt = new Date(start + 30 * DAY).toISOString();
      const { credential, secretKey } = await platform.createCredential(OPERATOR, {
        appId: 'builds',
        type: 'PLATFORM',
        expiresAt,
      });
      const expiring = { accessKey: credential.accessKey, secretKey };
      const token = await platform.createToken(ALICE, { name: null, lifetime: 10 * DAY });
      const { text: session } = await platform.logIn(
        { userId: 'alice', password: PASSWORD },
        { lifetime: DAY, origin: HERE, userAgent: null },
      );

      const verdicts = async () => ({
        lasting: (await platform.checkCredential(OPERATOR, lasting)).because,
        expiring: (await platform.checkCredential(OPERATOR, expiring)).because,
        token: await codeOf(platform.authenticate({ scheme: 'token', token: token.text, userId: null }, HERE)),
        session: await codeOf(platform.authenticate({ scheme: 'session', session, userId: null }, HERE)),
      });
      const good = { lasting: null, expiring: null, token: null, session: null };
      const claimed = async () => (await platform.claimDue(PERIODS)).length;
      const usedAt = async () => {
        await platform.writeNotes();
        const credentials = await platform.listCredentials(OPERATOR, { appId: 'builds' });
        return credentials.find(({ accessKey }) => accessKey === lasting.accessKey)?.lastUsedAt ?? null;
      };
      expect(await verdicts()).toEqual(good);
      expect(await claimed()).toBe(5);
      await platform.sealAudit();

      clock.advance(YEAR);
      expect(await verdicts()).toEqual({
        lasting: null,
        expiring: 'expired',
        token: 'access_token_expired',
        session: 'caller_unknown',
      });
      expect(await usedAt()).toBeGreaterThan(start);
      expect(await claimed()).toBe(5);
      expect(await claimed()).toBe(0);
      await platform.lockAccount(OPERATOR, { appId: 'builds', locked: true });
      await platform.sealAudit();

      clock.advance(-YEAR);
      await platform.lockAccount(OPERATOR, { appId: 'builds', locked: false });
      expect(await verdicts()).toEqual(good);
      // A use is never noted back in time: it stays where the wrong clock had it.
      expect(await usedAt()).toBeGreaterThan(start);
      // The periods of the wrong clock keep no task from its own.
      expect(await claimed()).toBe(5);
      expect(await claimed()).toBe(0);
      clock.advance(10_000);
      expect(await claimed()).toBe(1);
      await platform.sealAudit();
      expect(await platform.verifyAudit(OPERATOR)).toMatchObject({ intact: true, unsealed: 0 });
      const { records } = await platform.listAudit(OPERATOR, {});
      const locks: string[] = [];
      for await (const { name } of records) if (name.endsWith('locked')) locks.push(name);
      expect(locks).toEqual(['account.unlocked', 'account.locked']);
    });
  });
});

/** Null: it was let through. */
async function codeOf(call: Promise<unknown>): Promise<string | null> {
  return call.then(
    () => null,
    (error: { code: string }) => error.code,
  );
}
