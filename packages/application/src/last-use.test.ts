import { OPERATOR, PlatformError, type UnitOfWork, type UserId } from '@claviger/domain';
import { admin, memoryDatabase, NEW_YEAR, numberedKey, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, PLATFORM_APP, world } from '../test/world.js';
import { lastUseIn } from './last-use.js';

const MINUTE = 60_000;
const ELSEWHERE = '198.51.100.7';

async function withPlatform() {
  const here = world();
  const { keyPairs } = await here.createAccount(OPERATOR, { ...PLATFORM_APP, scope: ['SYSTEM'] }, 'alice');
  const [pair] = keyPairs;
  if (!pair) throw new Error('an account has a credential');
  const lastUse = async () => {
    await here.writeNotes();
    const [credential] = (await here.showAccount(OPERATOR, { appId: 'builds' })).credentials;
    return [credential?.lastUsedAt, credential?.lastUsedFrom];
  };
  const authenticate = (address: string, key: object = {}) =>
    here.authenticate({ scheme: 'platform', ...pair, userId: 'bob' as UserId, ...key }, { ...HERE, address });
  return { ...here, pair, lastUse, authenticate };
}

describe('the last use of a credential', () => {
  it('is when it last authenticated, to the minute, and from where', async () => {
    const { authenticate, lastUse, clock } = await withPlatform();
    expect(await lastUse()).toEqual([null, null]);
    clock.advance(MINUTE + 59_999);
    await authenticate(HERE.address);
    expect(await lastUse()).toEqual([NEW_YEAR + MINUTE, HERE.address]);
    clock.advance(1);
    await authenticate(HERE.address);
    await authenticate(ELSEWHERE);
    expect(await lastUse()).toEqual([NEW_YEAR + 2 * MINUTE, ELSEWHERE]);
  });

  it('is also a check that found it good; from where it was used is not known then', async () => {
    const { checkCredential, lastUse, pair, clock } = await withPlatform();
    clock.advance(MINUTE);
    await checkCredential(admin(), { ...pair, appId: 'builds' });
    expect(await lastUse()).toEqual([NEW_YEAR + MINUTE, null]);
  });

  it('is no attempt that was refused', async () => {
    const { authenticate, checkCredential, lastUse, pair, ...here } = await withPlatform();
    const { secretKey } = numberedKey(777);
    await expect(authenticate(HERE.address, { secretKey })).rejects.toThrow(PlatformError);
    await checkCredential(admin(), { ...pair, secretKey });
    await checkCredential(admin(), { ...pair, appId: 'other' });
    await checkCredential(admin(), { ...pair, type: 'AUTHORIZATION_CODE' });
    await here.createUser(OPERATOR, { userId: 'bob' });
    await here.lockUser(OPERATOR, { userId: 'bob', locked: true });
    await expect(authenticate(HERE.address)).rejects.toMatchObject({ code: 'user_locked' });
    await here.lockAccount(OPERATOR, { appId: 'builds', locked: true });
    await expect(authenticate(HERE.address)).rejects.toMatchObject({ code: 'account_locked' });
    await checkCredential(admin(), pair);
    expect(await lastUse()).toEqual([null, null]);
  });

  it('is written down without a new version of the account and without a record', async () => {
    const { authenticate, lastUse, showAccount, database } = await withPlatform();
    const before = await showAccount(OPERATOR, { appId: 'builds' });
    const events = database.events.length;
    await authenticate(HERE.address);
    await lastUse();
    const { version, lastModifiedAt } = await showAccount(OPERATOR, { appId: 'builds' });
    expect({ version, lastModifiedAt }).toEqual({ version: before.version, lastModifiedAt: before.lastModifiedAt });
    expect(database.events).toHaveLength(events);
  });
});

describe('the last use of an access token', () => {
  it('is no attempt that was refused', async () => {
    const { createUser, createToken, authenticate, writeNotes, listTokens } = world();
    await createUser(OPERATOR, { userId: 'alice' });
    const { text } = await createToken(user('alice'), { name: null, lifetime: MINUTE });
    const as = (userId: UserId | null) => authenticate({ scheme: 'token', token: text, userId }, HERE);
    const lastUse = async () => {
      await writeNotes();
      for await (const { lastUsedAt } of await listTokens(OPERATOR)) return lastUsedAt;
      return undefined;
    };
    await expect(as('bob' as UserId)).rejects.toMatchObject({ code: 'user_differs' });
    expect(await lastUse()).toBeNull();
    await as(null);
    expect(await lastUse()).toBe(NEW_YEAR);
  });
});

describe('what was noted', () => {
  /** A unit of work that fails as long as it is told to, and counts its runs. */
  function failing() {
    const { unitOfWork } = memoryDatabase();
    const told = { away: false, runs: 0 };
    const failingUnit: UnitOfWork = {
      run: async (work) => {
        told.runs += 1;
        return unitOfWork.run(async (stores) => {
          const result = await work(stores);
          if (told.away) throw new PlatformError('database_unavailable');
          return result;
        });
      },
    };
    return { told, unitOfWork: failingUnit };
  }
  const { accessKey } = numberedKey(1);

  it('is written in one unit of work, once, and nothing is nothing to write', async () => {
    const { told, unitOfWork } = failing();
    const lastUse = lastUseIn(unitOfWork);
    await lastUse.flush();
    expect(told.runs).toBe(0);
    for (let i = 0; i < 100; i++) lastUse.noteCredential(numberedKey(i).accessKey, NEW_YEAR, HERE.address);
    await lastUse.flush();
    await lastUse.flush();
    expect(told.runs).toBe(1);
  });

  it('is kept for the next time when it cannot be written, the later use before the earlier', async () => {
    const here = await withPlatform();
    const { told, unitOfWork } = failing();
    let unit = unitOfWork;
    const lastUse = lastUseIn({ run: (work) => unit.run(work) });
    const key = here.pair.accessKey;
    told.away = true;
    lastUse.noteCredential(key, NEW_YEAR + MINUTE, HERE.address);
    lastUse.noteCredential(accessKey, NEW_YEAR, null);
    const first = lastUse.flush();
    lastUse.noteCredential(key, NEW_YEAR + 2 * MINUTE, ELSEWHERE);
    await expect(first).rejects.toMatchObject({ code: 'database_unavailable' });
    unit = here.database.unitOfWork;
    await lastUse.flush();
    expect(await here.lastUse()).toEqual([NEW_YEAR + 2 * MINUTE, ELSEWHERE]);
  });

  it('is written also when nothing was noted since', async () => {
    const here = await withPlatform();
    const { told, unitOfWork } = failing();
    let unit = unitOfWork;
    const lastUse = lastUseIn({ run: (work) => unit.run(work) });
    told.away = true;
    lastUse.noteCredential(here.pair.accessKey, NEW_YEAR + MINUTE, HERE.address);
    await expect(lastUse.flush()).rejects.toThrow(PlatformError);
    unit = here.database.unitOfWork;
    await lastUse.flush();
    expect(await here.lastUse()).toEqual([NEW_YEAR + MINUTE, HERE.address]);
  });
});
