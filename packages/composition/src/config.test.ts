import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from './config-error.js';
import { CONFIG_KEYS, variableOf, type ConfigKey } from './config-keys.js';
import { configWith, loadConfig } from './config.js';

let cwd: string;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'claviger-config-'));
});
afterEach(() => rmSync(cwd, { recursive: true }));

const withFile = (yaml: string, env: Record<string, string> = {}) => {
  writeFileSync(join(cwd, 'claviger.yml'), yaml);
  return loadConfig({ env, cwd });
};
const withEnv = (env: Record<string, string>) => loadConfig({ env, cwd });

function refusal(load: () => unknown): string {
  try {
    load();
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('where a value comes from', () => {
  test('without a file and without variables every key has its documented default', () => {
    expect(withEnv({})).toEqual({ config: configWith(), warnings: [] });
    expect(configWith()).toMatchObject({
      'http.host': '127.0.0.1',
      'http.port': 7300,
      'http.trustProxy': false,
      'http.headersTimeout': 10_000,
      'http.requestTimeout': 15_000,
      'database.url': 'sqlite:./data/claviger.db',
      'database.migrate': 'auto',
      'database.startTimeout': 60_000,
      'auth.accessToken.enabled': true,
      'auth.accessToken.expirationTime': 86_400_000,
      'auth.session.expirationTime': 43_200_000,
      'credentials.expiry.default': null,
      'credentials.expiry.max': null,
      'credentials.expiry.neverAllowed': true,
      'credentials.maxLivePerType': 5,
      'worker.retireIdle.every': 60_000,
      'limits.enabled': true,
      'limits.failures.perKeyAndAddress': 20,
      'limits.failures.perAddress': 100,
      'limits.failures.window': 60_000,
      'limits.requests.perCaller': 0,
      'limits.requests.window': 60_000,
      'log.level': 'info',
    });
  });

  test('the file overrides the default, the environment the file', () => {
    const yaml = 'http:\n  port: 1\n  host: file.example\n';
    const { config } = withFile(yaml, { CLAVIGER_HTTP_PORT: '2' });
    expect([config['http.port'], config['http.host']]).toEqual([2, 'file.example']);
  });

  test('CLAVIGER_CONFIG names the file, and a file named at the command line comes before it', () => {
    writeFileSync(join(cwd, 'one.yml'), 'http: { port: 1 }');
    writeFileSync(join(cwd, 'two.yml'), 'http: { port: 2 }');
    const env = { CLAVIGER_CONFIG: 'one.yml' };
    expect(loadConfig({ env, cwd }).config['http.port']).toBe(1);
    expect(loadConfig({ env, cwd, file: 'two.yml' }).config['http.port']).toBe(2);
  });

  test('a file that somebody named must be there', () => {
    expect(refusal(() => withEnv({ CLAVIGER_CONFIG: 'gone.yml' }))).toContain('gone.yml');
  });

  test('keys may be written in one line, and empty sections mean nothing', () => {
    expect(withFile('http.port: 5\nlog:\n').config['http.port']).toBe(5);
  });

  test.each([
    ['auth.accessToken.expirationTime', 'CLAVIGER_AUTH_ACCESS_TOKEN_EXPIRATION_TIME'],
    ['http.publicUrl', 'CLAVIGER_HTTP_PUBLIC_URL'],
    ['auth.pepper', 'CLAVIGER_AUTH_PEPPER'],
  ])('%s is %s in the environment', (name, variable) => {
    expect(variableOf(name)).toBe(variable);
  });

  test('no two keys share a variable, and each has a sentence of its own', () => {
    const names = Object.keys(CONFIG_KEYS) as ConfigKey[];
    expect(new Set(names.map(variableOf)).size).toBe(names.length);
    expect(new Set(names.map((name) => CONFIG_KEYS[name].meaning)).size).toBe(names.length);
  });

  test("a stranger's CLAVIGER_ variable is only warned about, by name", () => {
    const { warnings } = withEnv({ CLAVIGER_PORT_80_TCP: 'tcp://10.0.0.1:80', OTHER: 'x' });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('CLAVIGER_PORT_80_TCP');
    expect(warnings[0]).not.toContain('10.0.0.1');
  });
});

describe('what is understood', () => {
  test.each<[ConfigKey, string, string, unknown]>([
    ['http.port', 'http: { port: 80 }', '80', 80],
    ['http.trustProxy', 'http: { trustProxy: true }', 'true', true],
    ['http.host', 'http: { host: "::1" }', '::1', '::1'],
    ['http.publicUrl', 'http: { publicUrl: "https://a.example/b/" }', 'https://a.example/b/', 'https://a.example/b'],
    ['http.publicUrl', 'http: { publicUrl: }', '', null],
    ['http.requestTimeout', 'http: { requestTimeout: 1500 }', '1500', 1500],
    ['http.requestTimeout', 'http: { requestTimeout: 2m }', '2m', 120_000],
    ['audit.retention', 'audit: { retention: 30d }', '30d', 2_592_000_000],
    ['credentials.expiry.default', 'credentials: { expiry: { default: 90d } }', '90d', 7_776_000_000],
    ['credentials.expiry.max', 'credentials: { expiry: { max: 0 } }', '0', null],
    ['credentials.expiry.max', 'credentials: { expiry: { max: } }', '', null],
    ['database.migrate', 'database: { migrate: off }', 'off', 'off'],
    ['database.url', 'database: { url: "postgres://u:p@h/d" }', 'postgres://u:p@h/d', 'postgres://u:p@h/d'],
    [
      'auth.accessToken.secret',
      'auth: { accessToken: { secret: 0123456789abcdef } }',
      '0123456789abcdef',
      '0123456789abcdef',
    ],
    [
      'auth.accessToken.trustHeaderFrom',
      'auth: { accessToken: { trustHeaderFrom: [10.0.0.1, "::1", 10.1.0.0/16, "fd00::/8"] } }',
      '10.0.0.1, ::1, 10.1.0.0/16, fd00::/8',
      ['10.0.0.1', '::1', '10.1.0.0/16', 'fd00::/8'],
    ],
    ['auth.accessToken.trustHeaderFrom', 'auth: { accessToken: { trustHeaderFrom: [] } }', '', []],
    [
      'auth.pepper',
      'auth: { pepper: [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbb] }',
      'aaaaaaaaaaaaaaaa,bbbbbbbbbbbbbbbb',
      ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'],
    ],
    ['limits.requests.perCaller', 'limits: { requests: { perCaller: 600 } }', '600', 600],
    ['log.level', 'log: { level: debug }', 'debug', 'debug'],
  ])('%s: %s', (name, yaml, text, expected) => {
    expect(withFile(yaml).config[name]).toEqual(expected);
    expect(withEnv({ [variableOf(name)]: text }).config[name]).toEqual(expected);
  });
});

describe('what is refused, in one line that names the key and never the value', () => {
  const LEAK = 'Leak-me-not';

  test.each<[string, string]>([
    ['http.port', `http: { port: ${LEAK} }`],
    ['http.port', 'http: { port: "80" }'],
    ['http.port', 'http: { port: 65536 }'],
    ['http.port', 'http: { port: 1.5 }'],
    ['http.port', 'http: { port: }'],
    ['http.trustProxy', `http: { trustProxy: ${LEAK} }`],
    ['http.trustProxy', 'http: { trustProxy: 1 }'],
    ['http.host', 'http: { host: "" }'],
    ['http.host', `http: { host: [${LEAK}] }`],
    ['http.publicUrl', `http: { publicUrl: ${LEAK} }`],
    ['http.publicUrl', `http: { publicUrl: "ftp://${LEAK}" }`],
    ['http.publicUrl', `http: { publicUrl: "http://user:${LEAK}@h" }`],
    ['http.requestTimeout', `http: { requestTimeout: ${LEAK} }`],
    ['http.requestTimeout', 'http: { requestTimeout: 0 }'],
    ['http.requestTimeout', 'http: { requestTimeout: -1 }'],
    ['http.requestTimeout', 'http: { requestTimeout: 1w }'],
    ['http.requestTimeout', 'http: { requestTimeout: 99999d }'],
    ['database.url', `database: { url: "mysql://${LEAK}@h" }`],
    ['database.url', 'database: { url: "sqlite:" }'],
    ['database.url', 'database: { url: "postgres://" }'],
    ['database.migrate', `database: { migrate: ${LEAK} }`],
    ['log.level', `log: { level: ${LEAK} }`],
    ['auth.accessToken.secret', 'auth: { accessToken: { secret: } }'],
    ['auth.accessToken.secret', 'auth: { accessToken: { secret: "" } }'],
    ['auth.accessToken.secret', `auth: { accessToken: { secret: ${LEAK} } }`],
    ['auth.accessToken.secret', 'auth: { accessToken: { secret: 1234567890123456 } }'],
    ['auth.accessToken.secret', 'auth: { accessToken: { secret: EA0950B9-79e3-4193-8bf3-1f22856ca075 } }'],
    ['auth.accessToken.secret', `auth: { accessToken: { secret: { ${LEAK}: 1 } } }`],
    ['auth.pepper', `auth: { pepper: ${LEAK}-and-more-of-it }`],
    ['auth.pepper', `auth: { pepper: [${LEAK}] }`],
    ['auth.pepper', 'auth: { pepper: [] }'],
    ['auth.pepper', 'auth: { pepper: }'],
    ['auth.pepper', 'auth: { pepper: [aaaaaaaaaaaaaaaa, ea0950b9-79e3-4193-8bf3-1f22856ca075] }'],
    ['auth.accessToken.trustHeaderFrom', `auth: { accessToken: { trustHeaderFrom: [${LEAK}] } }`],
    ['auth.accessToken.trustHeaderFrom', 'auth: { accessToken: { trustHeaderFrom: [10.0.0.0/33] } }'],
    ['auth.accessToken.trustHeaderFrom', 'auth: { accessToken: { trustHeaderFrom: [10.0.0.0/] } }'],
    ['auth.accessToken.trustHeaderFrom', 'auth: { accessToken: { trustHeaderFrom: ["::/129"] } }'],
    ['auth.accessToken.trustHeaderFrom', 'auth: { accessToken: { trustHeaderFrom: [proxy.example] } }'],
    ['limits.failures.window', 'limits: { failures: { window: 25h } }'],
    ['limits.failures.perAddress', 'limits: { failures: { perAddress: 0 } }'],
    ['http.prot', `http: { prot: ${LEAK} }`],
    ['htp', `htp: ${LEAK}`],
    ['__proto__', `__proto__: { port: 1 }`],
    ['http', `http: ${LEAK}`],
    ['http.port', `http: { port: 1 }\nhttp.port: 2`],
    ['claviger.yml', LEAK],
    ['claviger.yml', `- ${LEAK}`],
    ['line 2', `http:\n\tport: ${LEAK}`],
    ['line 2', `auth: {}\nauth: { pepper: ${LEAK} }`],
  ])('%s in %s', (named, yaml) => {
    const message = refusal(() => withFile(yaml));
    expect(message).toContain(named);
    expect(message).not.toMatch(/\n/);
    expect(message).not.toContain(LEAK);
    expect(message).not.toContain('ea0950b9');
  });

  test.each<[ConfigKey, string]>([
    ['http.port', LEAK],
    ['http.port', ''],
    ['http.port', '-1'],
    ['http.port', '8e1'],
    ['http.trustProxy', 'yes'],
    ['http.host', ''],
    ['http.headersTimeout', ''],
    ['auth.accessToken.secret', ''],
    ['auth.accessToken.secret', LEAK],
    ['auth.accessToken.secret', 'ea0950b9-79e3-4193-8bf3-1f22856ca075'],
    ['auth.pepper', ''],
    ['auth.pepper', ` , ${LEAK}`],
    ['database.url', `${LEAK}://h`],
  ])('%s from the environment: %s', (name, text) => {
    const message = refusal(() => withEnv({ [variableOf(name)]: text }));
    expect(message).toContain(`${name} (${variableOf(name)})`);
    expect(message).not.toMatch(/\n/);
    expect(message).not.toContain(LEAK);
    expect(message).not.toContain('ea0950b9');
  });
});
