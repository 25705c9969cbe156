import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse, YAMLError } from 'yaml';
import { ConfigError } from './config-error.js';
import { CONFIG_KEYS, variableOf, type Config, type ConfigKey } from './config-keys.js';
import { WrongValue } from './config-types.js';
import { systemCode } from './system-code.js';

export interface ConfigSources {
  /** The environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The working directory. */
  readonly cwd: string;
  /** The file, when somebody named one; it comes before `CLAVIGER_CONFIG`. */
  readonly file?: string | undefined;
}

export interface LoadedConfig {
  readonly config: Config;
  /** One line each, to be shown; a stranger's variable is no reason to stop (Kubernetes injects its own). */
  readonly warnings: readonly string[];
}

const FILE = 'claviger.yml';
const FILE_VARIABLE = 'CLAVIGER_CONFIG';
const NAMES = Object.keys(CONFIG_KEYS) as readonly ConfigKey[];

/** Defaults, overridden by the file, overridden by the environment. @throws ConfigError */
export function loadConfig({ env, cwd, file }: ConfigSources): LoadedConfig {
  const named = file ?? (env[FILE_VARIABLE] || undefined);
  const given = readFile(resolve(cwd, named ?? FILE), named !== undefined);
  const config = NAMES.map((name): [string, unknown] => {
    const variable = variableOf(name);
    const fromEnv = env[variable];
    if (fromEnv !== undefined)
      return [name, read(name, `${name} (${variable})`, CONFIG_KEYS[name].type.fromText(fromEnv))];
    if (given.has(name)) return [name, read(name, name, given.get(name))];
    return [name, CONFIG_KEYS[name].default];
  });
  return { config: Object.fromEntries(config) as unknown as Config, warnings: strangers(env) };
}

/** The defaults alone, with what is told otherwise: for whoever builds a configuration in code. */
export function configWith(told: Partial<Config> = {}): Config {
  const defaults = NAMES.map((name) => [name, CONFIG_KEYS[name].default]);
  return { ...(Object.fromEntries(defaults) as unknown as Config), ...told };
}

function read(name: ConfigKey, shown: string, value: unknown): unknown {
  try {
    return CONFIG_KEYS[name].type.read(value);
  } catch (error) {
    if (error instanceof WrongValue) throw new ConfigError(`${shown} ${error.message}`);
    throw error;
  }
}

function strangers(env: ConfigSources['env']): string[] {
  const known = new Set([FILE_VARIABLE, ...NAMES.map(variableOf)]);
  return Object.keys(env)
    .filter((variable) => variable.startsWith('CLAVIGER_') && !known.has(variable))
    .toSorted()
    .map((variable) => `The environment variable ${variable} belongs to no key of the configuration: it is ignored.`);
}

function readFile(path: string, named: boolean): ReadonlyMap<ConfigKey, unknown> {
  let content: unknown;
  try {
    content = parse(readFileSync(path, 'utf8'), { mapAsMap: true, logLevel: 'error' });
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && !named) return new Map();
    throw new ConfigError(whyUnread(path, error));
  }
  const found = new Map<ConfigKey, unknown>();
  collect('', content, found);
  return found;
}

/** Walks down to the known keys and no further: what lies below one is its value. */
function collect(path: string, value: unknown, found: Map<ConfigKey, unknown>): void {
  if (isKey(path)) {
    if (found.has(path)) throw new ConfigError(`${path} is given twice`);
    found.set(path, value);
    return;
  }
  if (path !== '' && !NAMES.some((name) => name.startsWith(`${path}.`)))
    throw new ConfigError(`${path} is no key of the configuration`);
  if (value === null || value === undefined) return;
  if (!(value instanceof Map)) throw new ConfigError(`${path || FILE} must hold keys, not a value`);
  for (const [name, below] of value) collect(path === '' ? String(name) : `${path}.${String(name)}`, below, found);
}

function isKey(path: string): path is ConfigKey {
  return Object.hasOwn(CONFIG_KEYS, path);
}

/** The parser's own message quotes the line, and with it perhaps a secret. */
function whyUnread(path: string, error: unknown): string {
  if (error instanceof YAMLError)
    return `${path} is no valid YAML: ${error.code} in line ${error.linePos?.[0].line ?? '?'}`;
  return `${path} (the configuration file) cannot be read: ${systemCode(error) ?? 'unknown reason'}`;
}
