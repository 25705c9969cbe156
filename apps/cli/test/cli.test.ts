import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AccountJson, AuditJson, CredentialJson, WebhookJson } from '@claviger/application';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let cwd: string;
let env: Record<string, string>;
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'claviger-cli-'));
  env = {};
});
afterEach(() => rmSync(cwd, { recursive: true }));

/** The CLI as a real process in a pipe. */
async function claviger(args: readonly string[], stdin = ''): Promise<Outcome> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { PATH: process.env['PATH'], ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  // Most commands never read what stands ready for them.
  child.stdin.on('error', () => undefined).end(stdin);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

async function data<T>(line: string, stdin?: string): Promise<T> {
  const { exitCode, stdout, stderr } = await claviger(line.split(' '), stdin);
  if (exitCode !== 0) throw new Error(`${line}: ${exitCode} ${stderr}`);
  return JSON.parse(stdout) as T;
}

const exitCode = async (line: string, stdin?: string) => (await claviger(line.split(' '), stdin)).exitCode;

/** What a new operator does first; each command is a process of its own. */
async function firstSession(): Promise<void> {
  expect(await data('user create alice --password-stdin', 'correct horse\n')).toMatchObject({ userId: 'alice' });
  const account = await data<AccountJson>('account create billing --grant PLATFORM --owner alice');
  expect(account).toMatchObject({ appId: 'billing', owner: 'alice' });
  const [first] = account.credentials;
  if (!first) throw new Error('the account has no key');
  expect(await exitCode('account create Billing --grant PLATFORM')).toBe(5);

  const check = `credential check ${first.accessKey} --app billing`;
  expect(await data(check, `${first.secretKey}\n`)).toEqual({ valid: true, appId: 'billing' });
  const wrong = await claviger(check.split(' '), `${first.secretKey}x`);
  expect([wrong.exitCode, JSON.parse(wrong.stdout)]).toEqual([3, { valid: false, appId: null }]);

  expect(await exitCode(`credential delete billing ${first.accessKey}`)).toBe(5);
  const second = await data<CredentialJson>('credential create billing --type PLATFORM');
  expect(await data(`credential delete billing ${first.accessKey}`)).toBe(true);
  expect(await data<CredentialJson[]>('credential list billing')).toEqual([
    { ...second, secretKey: `${second.secretKey.slice(0, 8)}*****` },
  ]);
  expect(await exitCode(check, first.secretKey)).toBe(3);
  expect(await exitCode('account show other')).toBe(4);
}

/** Somebody looks what was done, and has it told to another system. */
async function sessionOfWatching(): Promise<void> {
  const create = 'webhook create http://127.0.0.1:1/hook --app billing --event credential.expiring';
  const { id, secret } = await data<WebhookJson>(create);
  expect(secret).toMatch(/^whsec_/);
  expect(await data(`webhook show ${id}`)).not.toHaveProperty('secret');
  const tested = await claviger(['webhook', 'test', id]);
  expect([tested.exitCode, JSON.parse(tested.stdout)]).toEqual([
    3,
    { delivered: false, result: 'address not allowed' },
  ]);
  expect(await data(`webhook deliveries ${id}`)).toEqual([]);
  expect(await data(`webhook replay ${id}`)).toBe(0);
  expect(await exitCode(`webhook replay ${id} evt_1`)).toBe(4);

  const records = await data<AuditJson[]>('audit list --subject billing');
  expect(records.map(({ name }) => name)).toEqual([
    'webhook.registered',
    'credential.withdrawn',
    'credential.issued',
    'account.opened',
  ]);
  const { stdout } = await claviger(['audit', 'export']);
  expect(stdout.split('\n').filter((line) => line.includes('"name":"billing"'))).toHaveLength(4);
  expect(stdout).not.toContain(secret);
  expect(await data('audit verify')).toMatchObject({ intact: true, verified: 0, unsealed: 5 });
  expect((await claviger(['audit', 'verify', '-o', 'yaml'])).stdout).toContain('intact: true\n');
}

describe('a first session', () => {
  test('on SQLite', async () => {
    await firstSession();
    await sessionOfWatching();
    expect(readdirSync(join(cwd, 'data'))).toEqual(expect.arrayContaining(['claviger.db', 'pepper.key']));
  }, 180_000);

  describe('on PostgreSQL', () => {
    let server: TestServer;
    beforeAll(async () => {
      server = await startPostgres();
    }, 180_000);
    afterAll(() => server.stop());

    test('is the same', async () => {
      env = { CLAVIGER_DATABASE_URL: (await server.freshDatabase()).url };
      await firstSession();
      await sessionOfWatching();
    }, 180_000);
  });
});

describe('the configuration', () => {
  test('is taken from the file that --config names', async () => {
    writeFileSync(join(cwd, 'other.yml'), 'database: { url: "sqlite:./elsewhere/it.db" }\n');
    expect(await data('--config other.yml user list')).toEqual([]);
    expect(readdirSync(join(cwd, 'elsewhere'))).toContain('it.db');
  });

  test('that is wrong ends a command with 2 and one line without the value', async () => {
    env = { CLAVIGER_AUTH_PEPPER: 'too-short' };
    expect(await claviger(['user', 'list'])).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'error: auth.pepper (CLAVIGER_AUTH_PEPPER) must have at least 16 characters\n',
    });
  });

  test('with a pepper that does not fit ends a command with 2 and names the key', async () => {
    await data('account create billing --grant PLATFORM');
    env = { CLAVIGER_AUTH_PEPPER: 'somebody-elses-pepper' };
    const outcome = await claviger(['account', 'list']);
    expect(outcome).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('auth.pepper') });
    expect(outcome.stderr).not.toContain('somebody');
  });
});

/** One line says what is wrong; on a slow machine another has said before that the command waits. */
const WAITED_IN_VAIN = /^(Waiting for the database \.\.\.\n)?error: [^\n]+\n$/;

describe('the database', () => {
  test('that is away ends a command with 75 and one line without the password', async () => {
    env = {
      CLAVIGER_DATABASE_URL: 'postgres://claviger:hunter2hunter2@127.0.0.1:1/claviger',
      CLAVIGER_DATABASE_START_TIMEOUT: '200ms',
    };
    const outcome = await claviger(['user', 'list']);
    expect(outcome).toMatchObject({ exitCode: 75, stdout: '', stderr: expect.stringMatching(WAITED_IN_VAIN) });
    expect(outcome.stderr).not.toContain('hunter2');
  });

  test('that is none ends a command with 75', async () => {
    writeFileSync(join(cwd, 'claviger.db'), 'not a database, and long enough to be read as one '.repeat(40));
    env = { CLAVIGER_DATABASE_URL: 'sqlite:claviger.db' };
    expect(await exitCode('user list')).toBe(75);
  });

  test('is migrated by hand where that is wanted', async () => {
    env = { CLAVIGER_DATABASE_MIGRATE: 'off' };
    const refused = await claviger(['user', 'list']);
    expect([refused.exitCode, refused.stderr]).toEqual([75, expect.stringContaining('claviger database migrate')]);
    const { pending } = await data<{ pending: string[] }>('database status');
    expect(pending.length).toBeGreaterThan(0);
    expect(await data('database migrate')).toMatchObject({ applied: pending, pending: [] });
    expect(await data('user list')).toEqual([]);
  });
});

test('a secret never touches the disk in clear', async () => {
  const { credentials } = await data<AccountJson>('account create billing --grant PLATFORM');
  await data('user create alice --password-stdin', 'correct horse\n');
  const folder = join(cwd, 'data');
  const kept = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'latin1'));
  for (const secret of ['correct horse', credentials[0]?.secretKey ?? 'no key'])
    expect(kept.some((content) => content.includes(secret))).toBe(false);
});

test('whoever reads only the beginning gets it without an error', async () => {
  const child = spawn('sh', ['-c', `"${process.execPath}" "${MAIN}" account list --help | head -1; echo done >&2`], {
    cwd,
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  await once(child, 'close');
  expect(stderr).toBe('done\n');
});
