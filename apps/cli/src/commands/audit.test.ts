import type { AuditJson, AuditVerdict } from '@claviger/application';
import { OPERATOR, type UserCaller, type UserId } from '@claviger/domain';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { world, type World } from '../../test/world.js';

let { claviger, data, clock, held }: World = world();
beforeEach(() => {
  ({ claviger, data, clock, held } = world());
});

const ORIGIN = { address: '192.0.2.7', traceId: '0af7651916cd43dd8448eb211c80319c' };
const ALICE: UserCaller = { kind: 'user', userId: 'alice' as UserId, admin: false, account: null, origin: ORIGIN };

/** Three records, an hour apart: two by the operator, one by alice. */
async function threeRecords(): Promise<void> {
  await data('account create billing --grant PLATFORM --owner alice');
  clock.advance(3_600_000);
  await held.lockAccount(ALICE, { appId: 'billing', locked: true });
  clock.advance(3_600_000);
  await data('user create bob');
}

describe('the audit', () => {
  beforeEach(threeRecords);

  test('is listed, the newest first, with who, what, where and what was before', async () => {
    const [, locked] = await data<AuditJson[]>('audit list');
    expect(locked).toMatchObject({
      name: 'account.locked',
      at: '2026-01-01T01:00:00.000Z',
      by: { kind: 'user', userId: 'alice', ...ORIGIN },
      subject: { kind: 'account', name: 'billing' },
      before: { locked: false },
      after: { locked: true },
      seal: null,
    });
    const { stdout } = await claviger('audit list -o table');
    expect(stdout.replaceAll(/ +/g, ' ')).toBe(
      [
        'TIME (UTC) EVENT BY SUBJECT ADDRESS',
        '2026-01-01 02:00:00 user.registered operator user bob -',
        '2026-01-01 01:00:00 account.locked alice account billing 192.0.2.7',
        '2026-01-01 00:00:00 account.opened operator account billing -',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['--name account', ['account.locked', 'account.opened']],
    ['--name account.opened', ['account.opened']],
    ['--user alice', ['account.locked']],
    ['--app builds', []],
    ['--subject bob', ['user.registered']],
    ['--address 192.0.2.7', ['account.locked']],
    [`--trace-id ${ORIGIN.traceId}`, ['account.locked']],
    ['--since 2026-01-01T01:00:00Z', ['user.registered', 'account.locked']],
    ['--until 2026-01-01T01:00:00Z', ['account.opened']],
    ['--subject billing --limit 1', ['account.locked']],
  ])('is narrowed by %s', async (options, names) => {
    expect((await data<AuditJson[]>(`audit list ${options}`)).map(({ name }) => name)).toEqual(names);
  });

  test('is listed page by page when told so, and a hundred records at a time when not', async () => {
    const { stderr } = await claviger('audit list --limit 2');
    const [cursor] = /--cursor \S+/.exec(stderr) ?? [];
    expect((await data<AuditJson[]>(`audit list ${cursor}`)).map(({ name }) => name)).toEqual(['account.opened']);
    for (let i = 0; i < 100; i++) await held.createUser(OPERATOR, { userId: `user-${i}` });
    const many = await claviger('audit list');
    expect(JSON.parse(many.stdout)).toHaveLength(100);
    expect(many.stderr).toContain('There are older ones. To go on: --cursor');
  });

  test('tells a mistake by the name of the option that was typed', async () => {
    for (const [option, message] of [
      ['--since soon', 'error: --since must be a time'],
      ['--cursor x', 'error: --cursor must'],
      ['--limit 1001', 'error: --limit must be'],
      [`--trace-id ${'f'.repeat(300)}`, 'error: --trace-id must'],
    ] as const) {
      const { exitCode, stderr } = await claviger(`audit list ${option}`);
      expect([exitCode, stderr.slice(0, message.length)]).toEqual([2, message]);
    }
  });

  test('is exported in the order of the chain, a line of JSON each, whatever the format', async () => {
    await held.sealAudit();
    await data('user lock bob');
    const { stdout } = await claviger('audit export -o table');
    const records = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditJson);
    expect(records.map(({ name, seal }) => [name, seal?.number ?? null])).toEqual([
      ['account.opened', 1],
      ['account.locked', 2],
      ['user.registered', 3],
      ['user.locked', null],
    ]);
    expect(records.toReversed()).toEqual(await data('audit list'));
  });
});

describe('the chain of the audit', () => {
  beforeEach(threeRecords);

  test('is whole when nobody touched it, and goes on from every earlier end of it', async () => {
    expect(await data('audit verify')).toMatchObject({ intact: true, verified: 0, unsealed: 3, last: null });
    await held.sealAudit();
    const { last } = await data<AuditVerdict>('audit verify');
    const head = `${last?.number}:${last?.hash}`;
    await data('user lock bob');
    await held.sealAudit();
    const { exitCode, stdout, stderr } = await claviger(`audit verify -o table --head ${head.toUpperCase()}`);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Intact +yes\nBroken at +-\nVerified +4\nNot sealed +0\nPruned to +-\nHead +4:[0-9a-f]{64}\n$/,
    );
  });

  test('that is another one is told with exit code 3', async () => {
    await held.sealAudit();
    const other = await claviger(`audit verify --head 2:${'0'.repeat(64)}`);
    expect([other.exitCode, other.stderr]).toEqual([3, 'Record 2 of the chain is not the one that --head names.\n']);
    expect(JSON.parse(other.stdout)).toMatchObject({ intact: false, broken: { number: 2, because: 'other_chain' } });
    const longer = await claviger(`audit verify -o table --head 9:${'0'.repeat(64)}`);
    expect([longer.exitCode, longer.stderr]).toEqual([3, 'Record 4 of the chain is missing.\n']);
    expect(longer.stdout).toMatch(/^Intact +no\nBroken at +4\n/);
  });

  test('says so when it no longer reaches back to where it was to be compared', async () => {
    await held.sealAudit();
    await held.deleteExpired({ audit: 0, deliveries: 0 });
    clock.advance(1);
    await held.sealAudit();
    await held.deleteExpired({ audit: 1, deliveries: 1 });
    await held.sealAudit();
    const { exitCode, stderr } = await claviger(`audit verify --head 1:${'0'.repeat(64)}`);
    const told = 'Record 1 of the chain is too old to be kept: --head cannot be compared.\n';
    expect([exitCode, stderr]).toEqual([3, told]);
  });
});
