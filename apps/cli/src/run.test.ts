import { readFileSync } from 'node:fs';
import type { AccountJson, CredentialJson, TokenJson, UserJson } from '@claviger/application';
import { GRANT_TYPES, SCOPES, type Origin, type UserCaller, type UserId } from '@claviger/domain';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { world, type World } from '../test/world.js';

let { claviger, data, clock, held, wanted, closed }: World = world();
beforeEach(() => {
  ({ claviger, data, clock, held, wanted, closed } = world());
});

const createBilling = () => data<AccountJson>('account create billing --grant PLATFORM --scope SYSTEM');

function onlyKey(account: AccountJson): CredentialJson {
  const [key] = account.credentials;
  if (!key) throw new Error('no key');
  return key;
}

describe('users', () => {
  test('are created, shown, listed and deleted', async () => {
    const alice = await data<UserJson>("user create alice --name 'Alice Li'");
    expect(alice).toEqual({
      userId: 'alice',
      name: 'Alice Li',
      admin: false,
      locked: false,
      createdDate: '2026-01-01T00:00:00.000Z',
      lastModifiedDate: '2026-01-01T00:00:00.000Z',
    });
    await data('user create root --admin');
    expect(await data('user show alice')).toEqual(alice);
    expect((await data<UserJson[]>('user list')).map(({ userId, admin }) => [userId, admin])).toEqual([
      ['alice', false],
      ['root', true],
    ]);
    expect(await data('user delete alice')).toBe(true);
    expect((await claviger('user show alice')).exitCode).toBe(4);
  });

  test('are changed in what is given and in nothing else', async () => {
    await data("user create alice --name 'Alice Li'");
    expect(await data('user update alice --admin')).toMatchObject({ name: 'Alice Li', admin: true });
    expect(await data("user update alice --name 'Alice Wang'")).toMatchObject({ name: 'Alice Wang', admin: true });
    expect(await data("user update alice --name ''")).toMatchObject({ name: null, admin: true });
    expect((await claviger('user update alice --no-admin')).exitCode).toBe(5);
    await data('user create root --admin');
    expect(await data('user update alice --no-admin')).toMatchObject({ admin: false });
  });

  test('have a password only from stdin, and who has none is told how to set one', async () => {
    const { stderr } = await claviger('user create alice');
    expect(stderr).toContain('claviger user passwd alice');
    expect((await claviger('user create bob --password-stdin', { stdin: 'correct horse\n' })).stderr).toBe('');
    expect(await data('user passwd bob --password-stdin', { stdin: 'battery staple\r\n' })).toBe(true);
  });

  test.each([
    ['an empty one', ''],
    ['a line break alone', '\n'],
    ['a short one', 'short'],
    ['a whole file', 'x'.repeat(10_000)],
  ])('%s is refused as a password and nobody is created', async (_, stdin) => {
    const { exitCode, stdout } = await claviger('user create bob --password-stdin', { stdin });
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(await data('user list')).toEqual([]);
  });

  test('without a terminal a new password needs --password-stdin', async () => {
    await claviger('user create alice');
    const { exitCode, stderr } = await claviger('user passwd alice', { stdin: 'correct horse' });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('--password-stdin')]);
  });

  test('on a terminal a new password is asked for twice and never shown', async () => {
    await claviger('user create alice');
    const { exitCode, stdout, stderr } = await claviger('user passwd alice', {
      typed: ['correct horse', 'correct horse'],
    });
    expect([exitCode, stdout]).toEqual([0, 'true\n']);
    expect(stderr).toBe('New password: \nNew password again: \n');
    const differs = await claviger('user passwd alice', { typed: ['correct horse', 'correct house'] });
    expect([differs.exitCode, differs.stdout]).toEqual([2, '']);
  });

  test('are locked and unlocked, but never the last admin', async () => {
    await data('user create root --admin');
    await data('user create alice');
    expect(await data('user lock alice')).toBe(true);
    expect((await data<UserJson>('user show alice')).locked).toBe(true);
    expect(await data('user unlock alice')).toBe(true);
    expect((await data<UserJson>('user show alice')).locked).toBe(false);
    expect((await claviger('user lock root')).exitCode).toBe(5);
  });
});

describe('accounts', () => {
  test('are created with a key pair whose secret is shown once', async () => {
    const { stdout, stderr } = await claviger('account create billing --grant PLATFORM --scope SYSTEM');
    const account = JSON.parse(stdout) as AccountJson;
    expect(account).toMatchObject({ appId: 'billing', owner: 'admin', scope: ['SYSTEM'], locked: false });
    expect(onlyKey(account).secretKey).toMatch(/^csk_[0-9A-Za-z]{49}$/);
    expect(stderr).toContain('only this once');
    const shown = await claviger('account show billing');
    expect(onlyKey(JSON.parse(shown.stdout) as AccountJson).secretKey).toMatch(/\*{5}$/);
    expect(shown.stderr).toBe('');
  });

  test.each([
    '--grant PLATFORM AUTHORIZATION_CODE --scope PROJECT NODE',
    '--grant PLATFORM --grant AUTHORIZATION_CODE --scope PROJECT --scope NODE',
    '--grant PLATFORM,AUTHORIZATION_CODE --scope PROJECT,NODE',
  ])('take several values as %s', async (line) => {
    const urls = '--homepage-url https://w.example --redirect-uri https://w.example/back';
    const account = await data<AccountJson>(`account create wiki ${line} ${urls} --owner alice`);
    expect(account).toMatchObject({
      owner: 'alice',
      authorizationGrantTypes: ['PLATFORM', 'AUTHORIZATION_CODE'],
      scope: ['PROJECT', 'NODE'],
      homepageUrl: 'https://w.example',
      redirectUri: 'https://w.example/back',
    });
  });

  test('keep on an update what is not mentioned, and lose what is given as empty', async () => {
    const before = await data<AccountJson>(
      "account create billing --grant PLATFORM --scope SYSTEM --description 'pays bills' --avatar-url a.png --locked",
    );
    const masked = before.credentials.map((key) => ({ ...key, secretKey: `${key.secretKey.slice(0, 8)}*****` }));
    expect(await data('account update billing --homepage-url https://b.example')).toEqual({
      ...before,
      credentials: masked,
      homepageUrl: 'https://b.example',
    });
    const after = await data<AccountJson>("account update billing --description '' --scope ''");
    expect(after).toMatchObject({ description: null, scope: [], avatarUrl: 'a.png', locked: true });
  });

  test('show on an update the secrets that it made', async () => {
    await createBilling();
    const { stdout, stderr } = await claviger(
      'account update billing --grant PLATFORM AUTHORIZATION_CODE --homepage-url https://b.example --redirect-uri https://b.example',
    );
    const secrets = (JSON.parse(stdout) as AccountJson).credentials.map(({ secretKey }) => secretKey.includes('*'));
    expect(secrets).toEqual([true, false]);
    expect(stderr).toContain('only this once');
  });

  test('are locked, unlocked, transferred and deleted', async () => {
    await createBilling();
    expect(await data('account lock billing')).toBe(true);
    expect((await data<AccountJson>('account show billing')).locked).toBe(true);
    expect(await data('account unlock billing')).toBe(true);
    expect(await data('account transfer billing --owner alice')).toBe(true);
    expect(await data<AccountJson>('account show BILLING')).toMatchObject({ locked: false, owner: 'alice' });
    expect(await data('account delete billing')).toBe(true);
    expect(await data('account list')).toEqual([]);
  });

  test('are listed by what the options choose, page by page when told so', async () => {
    await createBilling();
    await data("account create wiki --grant PLATFORM --owner alice --description 'all pages' --locked");
    await data('account create shop --grant PLATFORM --owner alice');
    const names = async (options: string) =>
      (await data<AccountJson[]>(`account list ${options}`)).map(({ appId }) => appId);
    expect(await names('')).toEqual(['billing', 'wiki', 'shop']);
    expect(await names('--owner alice')).toEqual(['wiki', 'shop']);
    expect(await names('--locked')).toEqual(['wiki']);
    expect(await names('--unlocked')).toEqual(['billing', 'shop']);
    expect(await names('--scope SYSTEM --grant PLATFORM')).toEqual(['billing']);
    expect(await names('--search PAGES')).toEqual(['wiki']);
    const { stdout, stderr } = await claviger('account list --limit 2');
    expect(JSON.parse(stdout)).toHaveLength(2);
    const [, cursor] = /2 of 3\. .*(--cursor \S+)/.exec(stderr) ?? [];
    expect(await names(`--limit 2 ${cursor}`)).toEqual(['shop']);
  });
});

describe('credentials', () => {
  test('expire when they are told to, and tell when they were used', async () => {
    await createBilling();
    const expiresAt = '2026-01-02T00:00:00.000Z';
    const made = await data<CredentialJson>(`credential create billing --type PLATFORM --expires-at ${expiresAt}`);
    expect(made).toMatchObject({ expiresAt, lastUsedAt: null });
    const { stdout } = await claviger(
      'credential create billing --type PLATFORM -o table --expires-at 2026-01-01T08:30+08:00',
    );
    expect(stdout).toMatch(/^Expires +2026-01-01 00:30:00 UTC$/m);
    expect(await data('credential create billing --type PLATFORM --expires-at never')).toMatchObject({
      expiresAt: null,
    });
    const wrong = await claviger('credential create billing --type PLATFORM --expires-at tomorrow');
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringMatching(/^error: --expires-at must be a time/)]);
    clock.advance(60_000);
    await claviger(`credential check ${made.accessKey}`, { stdin: made.secretKey });
    await held.writeNotes();
    const listed = (await claviger('credential list billing -o table')).stdout;
    expect(listed).toMatch(/^ACCESS KEY .* EXPIRES \(UTC\) +LAST USED \(UTC\)$/m);
    expect(listed).toMatch(new RegExp(`^${made.accessKey} .* 2026-01-02 00:00 +2026-01-01 00:01$`, 'm'));
  });

  test('are rotated, which is told and can be rolled back', async () => {
    const old = onlyKey(await createBilling());
    const rotate = `credential rotate billing ${old.accessKey}`;
    const { stdout, stderr } = await claviger(`${rotate} --overlap 12h --expires-at 2026-02-01T00:00:00Z`);
    const made = JSON.parse(stdout) as CredentialJson;
    expect(made).toMatchObject({ expiresAt: '2026-02-01T00:00:00.000Z', supersededBy: null });
    expect(made.secretKey).toMatch(/^csk_\w{49}$/);
    expect(stderr).toBe('The secret is shown only this once: keep it now.\n');
    const rotation = await data(`credential rotation billing ${old.accessKey}`);
    expect(rotation).toMatchObject({ supersededBy: made.accessKey, retire: 'at', overlap: 43_200_000 });
    const table = (await claviger(`credential rotation billing ${old.accessKey} -o table`)).stdout;
    expect(table).toMatch(/^Expires +2026-01-01 12:00:00 UTC\nStill used +no\nLast used +-$/m);
    expect((await claviger('credential list billing -o table')).stdout).toContain('ENABLE, superseded');
    expect((await claviger(rotate)).exitCode).toBe(5);
    expect(await data(`credential rollback billing ${old.accessKey}`)).toBe(true);
    expect(await data('credential list billing')).toMatchObject([{ accessKey: old.accessKey, supersededBy: null }]);
    expect((await claviger(`credential rollback billing ${old.accessKey}`)).exitCode).toBe(4);
    await data(`${rotate} --retire after-idle --overlap 0`);
    expect(await data(`credential rotation billing ${old.accessKey}`)).toMatchObject({
      retire: 'after-idle',
      overlap: 0,
      expiresAt: null,
    });
  });

  test('are not rotated in a way that nobody knows, nor rolled back against somebody’s will', async () => {
    const { accessKey } = onlyKey(await createBilling());
    for (const [option, message] of [
      ['--overlap soon', 'error: --overlap must be milliseconds, or a number with'],
      ['--overlap 400d', 'error: --overlap must be a whole number'],
      ['--retire later', 'error: --retire must be one of at, after-idle, manual.'],
    ] as const) {
      const { exitCode, stderr } = await claviger(`credential rotate billing ${accessKey} ${option}`);
      expect([exitCode, stderr.slice(0, message.length)]).toEqual([2, message]);
    }
    await data(`credential rotate billing ${accessKey}`);
    const refused = await claviger(`credential rollback billing ${accessKey}`, { typed: ['n'] });
    expect([refused.exitCode, await data<CredentialJson[]>('credential list billing')]).toMatchObject([2, [{}, {}]]);
  });

  test('narrow the list of accounts by their expiry and their last use', async () => {
    await createBilling();
    const wiki = onlyKey(await data<AccountJson>('account create wiki --grant PLATFORM'));
    await data('credential create billing --type PLATFORM --expires-at 2026-01-02T00:00:00Z');
    clock.advance(60_000);
    await claviger(`credential check ${wiki.accessKey}`, { stdin: wiki.secretKey });
    await held.writeNotes();
    const found = async (option: string) =>
      (await data<AccountJson[]>(`account list ${option}`)).map(({ appId }) => appId);
    expect(await found('--expiring-within 1d')).toEqual(['billing']);
    expect(await found('--expiring-within 1h')).toEqual([]);
    expect(await found('--unused-since 2026-01-01T00:01:00Z')).toEqual(['billing']);
    expect(await found('--never-used')).toEqual(['billing']);
    expect((await claviger('account list --expiring-within soon')).stderr).toMatch(/^error: --expiring-within must be/);
    expect((await claviger('account list --unused-since soon')).stderr).toMatch(/^error: --unused-since must be/);
  });

  test('are created, listed, disabled, enabled and deleted, but never the last of a type', async () => {
    const first = onlyKey(await createBilling());
    const { stdout, stderr } = await claviger('credential create billing --type PLATFORM');
    const made = JSON.parse(stdout) as CredentialJson;
    expect(made).toMatchObject({ status: 'ENABLE', authorizationGrantType: 'PLATFORM' });
    expect(made.secretKey).toMatch(/^csk_[0-9A-Za-z]{49}$/);
    expect(stderr).toContain('only this once');

    const listed = await data<CredentialJson[]>('credential list billing');
    expect(listed.map(({ accessKey }) => accessKey)).toEqual([first.accessKey, made.accessKey]);
    expect(listed.every(({ secretKey }) => secretKey.endsWith('*****'))).toBe(true);

    expect(await data(`credential disable billing ${first.accessKey}`)).toBe(true);
    expect((await data<CredentialJson[]>('credential list billing'))[0]?.status).toBe('DISABLE');
    expect(await data(`credential enable billing ${first.accessKey}`)).toBe(true);
    expect(await data(`credential delete billing ${first.accessKey}`)).toBe(true);
    expect((await claviger(`credential delete billing ${made.accessKey}`)).exitCode).toBe(5);
  });

  test('are checked with the secret on stdin', async () => {
    const { accessKey, secretKey } = onlyKey(await createBilling());
    const check = (options: string, stdin: string) => claviger(`credential check ${accessKey} ${options}`, { stdin });
    const good = { exitCode: 0, stdout: expect.stringContaining('"valid": true'), stderr: '' };
    expect(await check('', secretKey)).toEqual(good);
    expect(await check('--app billing --type PLATFORM', `${secretKey}\n`)).toEqual(good);

    const wrong = await check('', `${secretKey.slice(0, -1)}_`);
    expect(wrong.exitCode).toBe(3);
    expect(JSON.parse(wrong.stdout)).toEqual({ valid: false, appId: null });
    expect(wrong.stderr).not.toContain(secretKey.slice(8, -1));
    expect((await check('--app other', secretKey)).exitCode).toBe(3);
    expect((await check('--type AUTHORIZATION_CODE', secretKey)).stderr).toContain('another type');
    await claviger('account lock billing');
    expect((await check('', secretKey)).stderr).toContain('locked');
    expect((await check('', '')).exitCode).toBe(2);
  });

  test('a secret is asked for on a terminal and not shown', async () => {
    const { accessKey, secretKey } = onlyKey(await createBilling());
    const { exitCode, stdout, stderr } = await claviger(`credential check ${accessKey}`, { typed: [secretKey] });
    expect([exitCode, stdout, stderr]).toEqual([0, 'good: a key of billing\n', 'Secret key: \n']);
  });
});

const HERE: Origin = { address: '192.0.2.1', traceId: '0af7651916cd43dd8448eb211c80319c' };

describe('access tokens', () => {
  const issue = async (userId: string, name: string | null) => {
    const caller: UserCaller = { kind: 'user', userId: userId as UserId, admin: false, account: null };
    const { text } = await held.createToken(caller, { name, lifetime: 60_000 });
    return text;
  };
  const calls = (token: string) => held.authenticate({ scheme: 'token', token, userId: null }, HERE);

  beforeEach(async () => {
    await data('user create alice');
    await data('user create bob');
  });

  test('are listed without the tokens themselves, all or those of one user', async () => {
    const text = await issue('alice', 'laptop');
    await issue('bob', null);
    const { stdout } = await claviger('token list');
    expect(JSON.parse(stdout)).toEqual([
      {
        id: expect.any(String),
        userId: 'alice',
        name: 'laptop',
        createdAt: '2026-01-01T00:00:00.000Z',
        expiresAt: '2026-01-01T00:01:00.000Z',
        lastUsedAt: null,
      },
      expect.objectContaining({ userId: 'bob', name: null }),
    ]);
    expect(stdout).not.toContain(text);
    expect((await data<TokenJson[]>('token list --user bob')).map(({ userId }) => userId)).toEqual(['bob']);
  });

  test('are a table for people', async () => {
    await issue('alice', 'laptop');
    const [{ id } = { id: '' }] = await data<TokenJson[]>('token list');
    await calls(await issue('bob', null));
    await held.writeNotes();
    const [head, first, second] = (await claviger('token list', { typed: [] })).stdout.split('\n');
    expect(head).toMatch(/^ID +USER +NAME +CREATED \(UTC\) +EXPIRES \(UTC\) +LAST USED \(UTC\)$/);
    expect(first?.split(/ {2,}/)).toEqual([id, 'alice', 'laptop', '2026-01-01 00:00', '2026-01-01 00:01', '-']);
    expect(second).toMatch(/ bob +- .* 2026-01-01 00:00$/);
  });

  test('are refused once they are revoked, and the others are not', async () => {
    const [revoked, kept] = [await issue('alice', 'laptop'), await issue('alice', 'desktop')];
    const [first] = await data<TokenJson[]>('token list');
    expect(await data(`token revoke ${first?.id}`)).toBe(true);
    await expect(calls(revoked)).rejects.toThrow('access_token_illegal');
    expect(await calls(kept)).toMatchObject({ userId: 'alice' });
    expect((await data<TokenJson[]>('token list')).map(({ name }) => name)).toEqual(['desktop']);
  });

  test('are not revoked by who says no on a terminal', async () => {
    const text = await issue('alice', 'laptop');
    const [first] = await data<TokenJson[]>('token list');
    const { exitCode, stderr } = await claviger(`token revoke ${first?.id}`, { typed: ['n'] });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`Revoke the access token ${first?.id}? [y/N]`)]);
    expect(await calls(text)).toMatchObject({ userId: 'alice' });
  });
});

describe('deleting', () => {
  beforeEach(createBilling);

  test.each([
    ['y', 0, 0],
    ['YES', 0, 0],
    ['n', 2, 1],
    ['', 2, 1],
  ])('asks on a terminal first: %j', async (answer, exitCode, left) => {
    const outcome = await claviger('account delete billing', { typed: [answer] });
    expect(outcome.exitCode).toBe(exitCode);
    expect(outcome.stderr).toContain('Delete the account billing and its 1 key(s)? [y/N]');
    expect(await data('account list')).toHaveLength(left);
  });

  test('asks nobody with --yes, and nobody in a script', async () => {
    await data('user create alice');
    expect(await claviger('account delete billing --yes', { typed: [] })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await claviger('user delete alice')).toEqual({ exitCode: 0, stdout: 'true\n', stderr: '' });
  });

  test('does not ask about what is not there', async () => {
    expect(await claviger('account delete gone', { typed: [] })).toEqual({
      exitCode: 4,
      stdout: '',
      stderr: 'error: There is no such account.\n',
    });
  });
});

describe('exit codes', () => {
  test.each([
    [2, ''],
    [2, 'account'],
    [2, 'acount list'],
    [2, 'account show'],
    [2, 'account show a b'],
    [2, 'account create billing'],
    [2, 'account create new --grant WRONG'],
    [2, 'account create list --grant PLATFORM'],
    [2, 'account create wiki --grant AUTHORIZATION_CODE'],
    [2, 'account list --limit 0'],
    [2, 'account list --limit many'],
    [2, 'account list --locked --unlocked'],
    [2, 'account list -o xml'],
    [2, 'credential create billing'],
    [4, 'account show gone'],
    [4, 'account update gone --locked'],
    [4, 'credential delete billing cak_gone'],
    [4, 'user passwd gone --password-stdin'],
    [4, 'user update gone --admin'],
    [4, 'token revoke gone'],
    [2, 'token revoke'],
    [2, "token list --user 'not an id'"],
    [2, 'audit list --since yesterday'],
    [2, 'audit list --limit 0'],
    [2, 'audit verify --head 1:2'],
    [2, 'webhook create nonsense'],
    [2, 'webhook create https://w.example --event account.eaten'],
    [2, "webhook create https://w.example --app ''"],
    [2, "webhook list --app ''"],
    [4, 'webhook create https://w.example --app gone'],
    [4, 'webhook show gone'],
    [4, 'webhook update gone'],
    [4, 'webhook enable gone'],
    [4, 'webhook rotate-secret gone'],
    [4, 'webhook delete gone'],
    [4, 'webhook test gone'],
    [4, 'webhook deliveries gone'],
    [4, 'webhook replay gone'],
    [5, 'account create BILLING --grant PLATFORM'],
    [5, 'credential create billing --type AUTHORIZATION_CODE'],
    [0, '--help'],
    [0, 'account create --help'],
    [0, '--version'],
  ])('%i: %s', async (expected, line) => {
    await createBilling();
    const { exitCode, stdout, stderr } = await claviger(line, { stdin: 'correct horse' });
    expect(exitCode).toBe(expected);
    expect([stdout === '', stderr === '']).toEqual(expected === 0 ? [false, true] : [true, false]);
  });

  test('a mistake is told by the name of the option that was typed', async () => {
    const { stderr } = await claviger('account create wiki --grant PLATFORM --homepage-url nonsense');
    expect(stderr).toBe(
      'error: --homepage-url must be an absolute http or https address without user name or password.\n',
    );
  });

  test('what stands behind a mistyped option is not repeated', async () => {
    const { exitCode, stderr } = await claviger('user create alice --password=hunter2');
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("'--password'")]);
    expect(stderr).not.toContain('hunter2');
  });

  test('the platform is closed however it ends, and not opened for help', async () => {
    await claviger('account show gone');
    await claviger('account list');
    expect([wanted.length, closed()]).toEqual([2, 2]);
    await claviger('account list --help');
    expect(wanted).toHaveLength(2);
  });
});

describe('global options', () => {
  test.each(['-o yaml user list', 'user -o yaml list', 'user list -o yaml', 'user list --output=yaml'])(
    'stand in any position: %s',
    async (line) => {
      await data("user create alice --name 'Alice'");
      expect(parse((await claviger(line)).stdout)).toEqual(await data('user list'));
    },
  );

  test('--config names the file of the configuration', async () => {
    await claviger('user list --config other.yml');
    await claviger('user list');
    expect(wanted.map(({ file }) => file)).toEqual(['other.yml', undefined]);
  });
});

describe('for people', () => {
  test('a terminal gets tables', async () => {
    await createBilling();
    const { stdout } = await claviger('account list', { typed: [] });
    expect(stdout).toBe(
      [
        'APP ID    OWNER   GRANT TYPES   SCOPE    STATE    KEYS   CREATED',
        'billing   admin   PLATFORM      SYSTEM   active   1      2026-01-01',
        '',
      ].join('\n'),
    );
  });

  test('and so does a pipe that asks for them', async () => {
    await data('user create alice');
    const { stdout } = await claviger('user show alice -o table');
    expect(stdout).toMatch(/^User id +alice\nName +-\nAdmin +no\nState +active\nCreated +2026-01-01 00:00:00 UTC\n/);
  });

  test.each([
    ['user list', 'There are no users yet.'],
    ['account list', 'There are no accounts yet.'],
    ['account list --owner alice', 'No account is like that.'],
    ['token list', 'There are no access tokens.'],
    ['token list --user alice', 'alice has no access tokens.'],
    ['webhook list', 'There are no webhooks yet.'],
    ['audit list', 'There are no such records.'],
  ])('an empty list is told kindly and beside the result: %s', async (line, told) => {
    const { stdout, stderr } = await claviger(line, { typed: [] });
    expect([stdout, stderr]).toEqual(['', expect.stringContaining(told)]);
    expect(await claviger(line)).toEqual({ exitCode: 0, stdout: '[]\n', stderr: '' });
  });

  test("a stranger's text cannot play with the terminal", async () => {
    await createBilling();
    await claviger(`account update billing --description 'a\u001B[2Jb\nc\u202Ed'`);
    const { stdout } = await claviger('account show billing -o table');
    expect(stdout).toContain('a\\u001b[2Jb\\u000ac\\u202ed');
  });

  test('help names every grant type and scope there is', async () => {
    const { stdout } = await claviger('account create --help');
    for (const word of [...GRANT_TYPES, ...SCOPES]) expect(stdout).toContain(word);
  });

  test('every command has an example, and a place in the documentation with all of its options', async () => {
    const page = readFileSync(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    const nouns = { user: 8, account: 8, credential: 9, token: 2, webhook: 11, audit: 3, database: 2 };
    for (const [noun, count] of Object.entries(nouns)) {
      const verbs = commandsIn((await claviger(`${noun} --help`)).stdout);
      expect(verbs).toHaveLength(count);
      for (const verb of verbs) {
        const help = (await claviger(`${noun} ${verb} --help`)).stdout;
        expect(help).toContain(`$ claviger ${noun} ${verb}`);
        const [, usage] = /^Usage: (.*)$/m.exec(help) ?? [];
        expect(page).toMatch(new RegExp(`^### .*\`${literally(usage?.replace(' [options]', '') ?? '')}\``, 'm'));
        const [own] = help.split('Global Options:');
        for (const [option] of own?.matchAll(/--[a-z-]+( <[a-z.:]+>)?(?= )/gi) ?? [])
          if (option !== '--help') expect(page).toContain(option);
      }
    }
  });
});

/** A pattern for this text and no other. */
function literally(text: string): string {
  return text.replaceAll(/[.[\]]/g, String.raw`\$&`);
}

/** The verbs that a help text lists. */
function commandsIn(help: string): string[] {
  const [, list] = help.split('Commands:\n');
  return [...(list ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(([, verb]) => verb ?? '').filter((verb) => verb !== 'help');
}

describe('the database', () => {
  test('tells what was applied and what waits', async () => {
    expect(await data('database status')).toEqual({ applied: ['One1'], pending: ['Two2'], unknown: ['Three3'] });
    expect(await data('database migrate')).toEqual({ applied: ['One1', 'Two2'], pending: [], unknown: [] });
    const { stdout } = await claviger('database status', { typed: [] });
    expect(stdout).toBe(
      'MIGRATION   STATE\nOne1        applied\nTwo2        pending\nThree3      of a newer program\n',
    );
  });
});
