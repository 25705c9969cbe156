import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Platform } from '@claviger/application';
import { OPERATOR, type Caller, type KeyPair, type UserId } from '@claviger/domain';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  configWith,
  ConfigError,
  createLog,
  type Config,
  databaseStatus,
  DatabaseRefused,
  migrateDatabase,
  openPlatform,
} from '../src/index.js';

/** A request that calls come by. */
const HERE = { address: '192.0.2.1', traceId: '0af7651916cd43dd8448eb211c80319c' };

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'claviger-composition-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

const [OLD, NEW, FOREIGN] = ['an-older-pepper-of-ours', 'a-newer-pepper-of-ours', "somebody-else's-pepper"];
const BILLING = { appId: 'billing', authorizationGrantTypes: ['PLATFORM'] };

const config = (told: Partial<Config> = {}) =>
  configWith({ 'database.url': `sqlite:${join(dir, 'claviger.db')}`, 'database.startTimeout': 1000, ...told });
const peppered = (...peppers: string[]) => config({ 'auth.pepper': peppers });

/** Opens, does it, closes. */
async function opened<T>(told: Config, work: (platform: Platform) => Promise<T>): Promise<T> {
  const { platform, close } = await openPlatform(told);
  try {
    return await work(platform);
  } finally {
    await close();
  }
}

const idle = async () => undefined;

async function createBilling(platform: Platform): Promise<KeyPair> {
  const { keyPairs } = await platform.createAccount(OPERATOR, BILLING);
  const [pair] = keyPairs;
  if (!pair) throw new Error('no key pair was made');
  return pair;
}

describe('an opened platform', () => {
  test('works on the configured database and keeps what it was told', async () => {
    const pair = await opened(config(), createBilling);
    const checked = await opened(config(), (platform) => platform.checkCredential(OPERATOR, pair));
    expect(checked).toMatchObject({ valid: true, appId: 'billing' });
    expect(readdirSync(dir)).toEqual(expect.arrayContaining(['claviger.db', 'pepper.key', 'access-token.key']));
  });

  test('says whether its database is there', async () => {
    const { ping, close } = await openPlatform(config());
    await expect(ping()).resolves.toBeUndefined();
    await close();
    await expect(ping()).rejects.toBeDefined();
  });
});

describe('the life of credentials', () => {
  test('is as it is configured, and when they were last used is written down at the end', async () => {
    const told = config({ 'credentials.expiry.max': 86_400_000, 'credentials.maxLivePerType': 2 });
    const pair = await opened(told, async (platform) => {
      const made = await createBilling(platform);
      await platform.rotateCredential(OPERATOR, { appId: 'billing', accessKey: made.accessKey });
      const third = platform.createCredential(OPERATOR, { appId: 'billing', type: 'PLATFORM' });
      await expect(third).rejects.toMatchObject({ code: 'too_many_credentials' });
      await platform.checkCredential(OPERATOR, made);
      return made;
    });
    const credentials = await opened(told, (platform) => platform.listCredentials(OPERATOR, { appId: 'billing' }));
    expect(credentials).toMatchObject([
      { accessKey: pair.accessKey, lastUsedAt: expect.any(Number), expiresAt: expect.any(Number) },
      { lastUsedAt: null, expiresAt: expect.any(Number) },
    ]);
  });

  test('cannot be forbidden to be endless without saying how long it is', async () => {
    const opening = openPlatform(config({ 'credentials.expiry.neverAllowed': false }));
    await expect(opening).rejects.toThrow(/^credentials\.expiry\.neverAllowed/);
  });
});

describe('the pepper', () => {
  test('may be followed by a newer one, as long as the older stays at hand', async () => {
    const pair = await opened(peppered(OLD), createBilling);
    const { valid } = await opened(peppered(NEW, OLD), (platform) => platform.checkCredential(OPERATOR, pair));
    expect(valid).toBe(true);
  });

  test('may be dropped once no stored secret needs it', async () => {
    await opened(peppered(OLD), idle);
    await opened(peppered(NEW, OLD), idle);
    await opened(peppered(NEW), idle);
  });

  test.each<[string, (platform: Platform) => Promise<unknown>, string[]]>([
    ['another one, though nothing is stored yet', idle, [FOREIGN]],
    ['another one', createBilling, [FOREIGN]],
    ['a newer one without the older that stored secrets need', createBilling, [NEW]],
  ])('refuses to start with %s, and names the key', async (_, before, peppers) => {
    await opened(peppered(OLD), before);
    const opening = openPlatform(peppered(...peppers));
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(/^auth\.pepper does not fit [^\n]*$/);
    await opened(peppered(OLD), idle);
  });

  test('that stored secrets need cannot be dropped, even by whoever knows the newest', async () => {
    await opened(peppered(OLD), createBilling);
    await opened(peppered(NEW, OLD), idle);
    await expect(openPlatform(peppered(NEW))).rejects.toThrow(/^auth\.pepper/);
  });

  test('refuses a machine that has not heard of the newest', async () => {
    await opened(peppered(OLD), idle);
    await opened(peppered(NEW, OLD), idle);
    await expect(openPlatform(peppered(OLD))).rejects.toThrow(/^auth\.pepper/);
  });

  test('that was lost is not silently replaced by a new one', async () => {
    await opened(config(), createBilling);
    rmSync(join(dir, 'pepper.key'));
    await expect(openPlatform(config())).rejects.toThrow(/^auth\.pepper/);
  });

  test('of two processes that start together on a new database is one and the same', async () => {
    const both = await Promise.all([openPlatform(config()), openPlatform(config())]);
    await Promise.all(both.map(({ close }) => close()));
  });
});

describe('the keys that sign', () => {
  const sign = (platform: Platform) => platform.openSigningKeys();

  test('are made once, by whoever asks first, and are the same for all and after a restart', async () => {
    const both = await Promise.all([openPlatform(config()), openPlatform(config())]);
    const told = await Promise.all(both.map(({ platform }) => sign(platform)));
    await Promise.all(both.map(({ close }) => close()));
    expect(told[0]).toHaveLength(1);
    expect(told[1]).toEqual(told[0]);
    expect(await opened(config(), sign)).toEqual(told[0]);
  });

  test('are nowhere in clear on the disk, and in no file of their own', async () => {
    const { platform, close } = await openPlatform(config());
    const [key] = await sign(platform);
    await close();
    const files = readdirSync(dir);
    expect(files.filter((file) => file.endsWith('.key')).toSorted()).toEqual(['access-token.key', 'pepper.key']);
    const kept = files.map((file) => readFileSync(join(dir, file), 'latin1')).join('');
    expect(kept).toContain(key?.id);
    expect(kept).not.toContain(String(key?.privateKey).slice(100, 140));
    expect(kept).not.toContain(Buffer.from(String(key?.privateKey), 'base64url').subarray(100, 140).toString('latin1'));
  });

  test('need the pepper under which they lie, until none of them does', async () => {
    const [first] = await opened(peppered(OLD), sign);
    expect(await opened(peppered(NEW, OLD), sign)).toEqual([first]);
    await expect(openPlatform(peppered(NEW))).rejects.toThrow(/^auth\.pepper does not fit/);
    await opened(peppered(NEW, OLD), (platform) => platform.replaceSigningKey(OPERATOR, { atOnce: true }));
    const [second] = await opened(peppered(NEW), sign);
    expect(second?.id).not.toBe(first?.id);
  });
});

describe('access tokens', () => {
  const alice: Caller = { kind: 'user', userId: 'alice' as UserId, admin: false, account: null };
  const secretly = (secret: string) => config({ 'auth.accessToken.secret': secret });
  const issue = async (platform: Platform) => {
    await platform.createUser(OPERATOR, { userId: 'alice' });
    return (await platform.createToken(alice, { name: null, lifetime: 60_000 })).text;
  };
  const use = (token: string) => (platform: Platform) =>
    platform.authenticate({ scheme: 'token', token, userId: null }, HERE);

  test('are good after a restart, and when they were last used is written down at the end', async () => {
    const token = await opened(config(), issue);
    expect(await opened(config(), use(token))).toEqual({ ...alice, origin: HERE });
    const listed = await opened(config(), async (platform) => {
      for await (const each of await platform.listTokens(alice)) return each;
      return null;
    });
    expect(listed?.lastUsedAt).toEqual(expect.any(Number));
  });

  test('are all illegal once their secret is another one, which the log says', async () => {
    const said: string[] = [];
    const log = createLog('warn', 'test', { write: (line: string) => void said.push(line) });
    const token = await opened(secretly(OLD), issue);
    for (const expected of [1, 1]) {
      const { platform, close } = await openPlatform(secretly(NEW), log);
      await expect(use(token)(platform)).rejects.toMatchObject({ code: 'access_token_illegal' });
      await close();
      expect(said).toHaveLength(expected);
    }
    expect(said[0]).toContain('auth.accessToken.secret');
    expect(said[0]).not.toContain(NEW);
    expect(await opened(secretly(OLD), use(token))).toEqual({ ...alice, origin: HERE });
  });
});

describe('failed authentications', () => {
  const limited = (told: Partial<Config> = {}) => config({ 'limits.failures.perKeyAndAddress': 2, ...told });
  const alice = { scheme: 'password', userId: 'alice', password: 'correct horse' } as const;
  const [here, there] = [HERE, { ...HERE, address: '198.51.100.7' }];
  const guess = async (platform: Platform) => {
    await platform.createUser(OPERATOR, { userId: 'alice', password: 'correct horse' });
    for (const password of ['wrong horse', 'wronger horse'])
      await expect(platform.authenticate({ ...alice, password }, here)).rejects.toMatchObject({
        code: 'caller_unknown',
      });
  };

  test('are counted beside the database, and a restart forgets none', async () => {
    await opened(limited(), guess);
    expect(readdirSync(dir)).toContain('claviger-limits.db');
    await opened(limited(), async (platform) => {
      await expect(platform.authenticate(alice, here)).rejects.toMatchObject({ code: 'too_many_requests' });
      expect(await platform.authenticate(alice, there)).toMatchObject({ userId: 'alice' });
    });
  });

  test('are not counted where limits are switched off, or where nobody authenticates', async () => {
    await opened(limited({ 'limits.enabled': false }), async (platform) => {
      await guess(platform);
      expect(await platform.authenticate(alice, here)).toMatchObject({ userId: 'alice' });
    });
    await (await openPlatform(limited(), undefined, { guarded: false })).close();
    expect(readdirSync(dir)).not.toContain('claviger-limits.db');
  });

  test('do not stop the service when they cannot be counted together, which the log says without a secret', async () => {
    writeFileSync(join(dir, 'claviger-limits.db'), 'no database at all, but long enough to be looked at'.repeat(40));
    const said: string[] = [];
    const log = createLog('warn', 'test', { write: (line: string) => void said.push(line) });
    const { platform, close } = await openPlatform(limited(), log);
    await guess(platform);
    await expect(platform.authenticate(alice, here)).rejects.toMatchObject({ code: 'too_many_requests' });
    await close();
    expect(said).toEqual([expect.stringContaining('the counters are away')]);
  });
});

test('requests are limited where a number is configured, and not otherwise', async () => {
  const unlimited = await openPlatform(config());
  expect(unlimited.requests).toBeNull();
  await unlimited.close();
  const { requests, close } = await openPlatform(config({ 'limits.requests.perCaller': 1 }));
  expect(await requests?.take('alice')).toMatchObject({ granted: true, limit: 1 });
  expect(await requests?.take('alice')).toMatchObject({ granted: false });
  await close();
});

describe('a database that cannot be used', () => {
  test('is refused in one line, and no key is made for it', async () => {
    writeFileSync(join(dir, 'claviger.db'), 'no database at all, but long enough to be looked at'.repeat(40));
    const opening = openPlatform(config());
    await expect(opening).rejects.toThrow(DatabaseRefused);
    await expect(opening).rejects.toThrow(/^[^\n]*$/);
    expect(existsSync(join(dir, 'pepper.key'))).toBe(false);
  });
});

describe('migrations', () => {
  const off = () => config({ 'database.migrate': 'off' });

  test('that wait are a refusal when they are switched off, which names the command', async () => {
    const opening = openPlatform(off());
    await expect(opening).rejects.toThrow(DatabaseRefused);
    await expect(opening).rejects.toThrow(/claviger database migrate/);
  });

  test('are shown, and run by hand, even then', async () => {
    const { applied, pending } = await databaseStatus(off());
    expect([applied, pending.length > 0]).toEqual([[], true]);
    expect(await migrateDatabase(off())).toMatchObject({ applied: pending, pending: [] });
    expect(await databaseStatus(off())).toMatchObject({ applied: pending, pending: [] });
    await opened(off(), idle);
  });
});
