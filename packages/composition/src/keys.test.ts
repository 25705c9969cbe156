import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { configWith } from './config.js';
import { cookieKeyFrom, keysDir, openKeys } from './keys.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'claviger-keys-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const data = () => join(cwd, 'data');

describe('keys that nobody configured', () => {
  test('are made on the first run and stay the same ever after', async () => {
    const first = await openKeys(configWith(), cwd);
    expect(first.peppers).toHaveLength(1);
    expect(first.peppers[0]).not.toBe(first.accessTokenSecret);
    expect(await openKeys(configWith(), cwd)).toEqual(first);
  });

  test('lie in files that only their owner can read, with nothing left beside them', async () => {
    await openKeys(configWith(), cwd);
    expect(readdirSync(data()).toSorted()).toEqual(['access-token.key', 'pepper.key']);
    const modes = readdirSync(data()).map((file) => statSync(join(data(), file)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
    expect(statSync(data()).mode & 0o777).toBe(0o700);
  });

  test('are the same for everybody when many start at once, or nearly so', async () => {
    for (let round = 0; round < 30; round++) {
      const here = join(cwd, String(round));
      const starting = Array.from({ length: 8 }, async (_, place) => {
        for (let turns = place * (round % 5); turns > 0; turns--) await setImmediate();
        return openKeys(configWith(), here);
      });
      const all = await Promise.all(starting);
      expect(new Set(all.map((keys) => JSON.stringify(keys))).size).toBe(1);
      expect(await openKeys(configWith(), here)).toEqual(all[0]);
    }
  });

  test('can be rotated: a file holds one key a line, the newest first', async () => {
    const { peppers } = await openKeys(configWith(), cwd);
    writeFileSync(join(data(), 'pepper.key'), `a-newer-pepper-than-that\n${peppers[0]}\n`);
    expect((await openKeys(configWith(), cwd)).peppers).toEqual(['a-newer-pepper-than-that', peppers[0]]);
  });

  test.each([
    ['empty', ''],
    ['cut short', 'abc\n'],
  ])('are refused by the name of the key when their file is %s', async (_, content) => {
    await openKeys(configWith(), cwd);
    writeFileSync(join(data(), 'pepper.key'), content);
    const opening = openKeys(configWith(), cwd);
    await expect(opening).rejects.toThrow(ConfigError);
    await expect(opening).rejects.toThrow(/^auth\.pepper [^\n]*$/);
  });

  test('are refused by the name of the key when their folder cannot be one', async () => {
    writeFileSync(join(cwd, 'data'), 'a file');
    await expect(openKeys(configWith(), cwd)).rejects.toThrow(/^auth\.[^\n]*ENOTDIR$|^auth\.[^\n]*EEXIST$/);
  });
});

test('configured keys win, and nothing is made', async () => {
  const config = configWith({ 'auth.pepper': ['newest', 'older'], 'auth.accessToken.secret': 'configured' });
  expect(await openKeys(config, cwd)).toEqual({ peppers: ['newest', 'older'], accessTokenSecret: 'configured' });
  expect(readdirSync(cwd)).toEqual([]);
});

test('the key of the cookies comes from the secret that all machines share, and does not show it', () => {
  const [one, other] = ['the secret of one installation', 'the secret of another'].map(cookieKeyFrom);
  expect(cookieKeyFrom('the secret of one installation')).toBe(one);
  expect(one).toMatch(/^[\w-]{43}$/);
  expect(one).not.toBe(other);
});

describe('where they lie', () => {
  test.each([
    [{ 'database.url': 'sqlite:./here/claviger.db' }, '/work-dir/here'],
    [{ 'database.url': 'sqlite:/var/lib/claviger.db' }, '/var/lib'],
    [{ 'database.url': 'postgres://u:p@h/d' }, '/work-dir/data'],
    [{ 'database.url': 'sqlite:./here/claviger.db', 'keys.dir': 'keys' }, '/work-dir/keys'],
  ])('%j', (told, expected) => {
    expect(keysDir(configWith(told), '/work-dir')).toBe(expected);
  });
});
