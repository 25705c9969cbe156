import { hkdfSync, randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Config } from './config-keys.js';
import { ConfigError } from './config-error.js';
import { secret, WrongValue } from './config-types.js';
import { sqliteFile } from './database.js';
import { systemCode } from './system-code.js';

/** The keys of this installation, in clear. */
export interface Keys {
  /** Newest first, at least one. */
  readonly peppers: readonly string[];
  readonly accessTokenSecret: string;
}

/** Configured keys win; the others are read from `keys.dir`, and made there when nobody made them yet. @throws ConfigError */
export async function openKeys(config: Config, cwd: string): Promise<Keys> {
  const dir = keysDir(config, cwd);
  const made = (key: 'auth.pepper' | 'auth.accessToken.secret', file: string) => readOrMake(key, dir, file);
  const [accessTokenSecret] = config['auth.accessToken.secret']
    ? [config['auth.accessToken.secret']]
    : await made('auth.accessToken.secret', 'access-token.key');
  return {
    peppers: config['auth.pepper'] ?? (await made('auth.pepper', 'pepper.key')),
    accessTokenSecret,
  };
}

/** Under which the authorization server signs its cookies: the same for all who share the secret, and told by none of it. */
export function cookieKeyFrom(accessTokenSecret: string): string {
  return Buffer.from(hkdfSync('sha256', accessTokenSecret, '', 'claviger oauth cookies', 32)).toString('base64url');
}

/** Where generated keys lie: beside the SQLite file, so that whoever moves the folder moves both. */
export function keysDir(config: Config, cwd: string): string {
  const file = sqliteFile(config);
  return resolve(cwd, config['keys.dir'] ?? (file ? dirname(file) : 'data'));
}

type Lines = readonly [string, ...string[]];

/** A key file holds one key a line, the newest first. */
async function readOrMake(key: string, dir: string, file: string): Promise<Lines> {
  const path = join(dir, file);
  try {
    return parseLines(key, (await readIfThere(path)) ?? (await make(dir, path)));
  } catch (error) {
    const code = systemCode(error);
    if (code === null) throw error;
    throw new ConfigError(`${key} is not configured, and its file ${file} in keys.dir cannot be used: ${code}`);
  }
}

async function readIfThere(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  });
}

/** Whole or not at all: written aside, then linked to its name. Of several processes that start at once, one wins. */
async function make(dir: string, path: string): Promise<string> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const aside = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`;
  const handle = await open(aside, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(32).toString('base64url')}\n`);
    await handle.sync();
    await link(aside, path).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
  } finally {
    await handle.close();
    await unlink(aside);
  }
  await syncFolder(dir);
  return readFile(path, 'utf8');
}

/** So that the name survives power loss too: what is sealed with a key nobody has any more is lost. */
async function syncFolder(dir: string): Promise<void> {
  const handle = await open(dir, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function parseLines(key: string, content: string): Lines {
  try {
    const [newest, ...older] = content
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .map((line) => secret.read(line));
    if (newest === undefined) throw new WrongValue('is empty');
    return [newest, ...older];
  } catch (error) {
    if (error instanceof WrongValue) throw new ConfigError(`${key} in its file in keys.dir ${error.message}`);
    throw error;
  }
}
