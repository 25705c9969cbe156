import type { AuditJson, DeliveryJson, WebhookJson } from '@claviger/application';
import { REFUSED } from '@claviger/testing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { world, type World } from '../../test/world.js';

let { claviger, data, clock, held, messenger }: World = world();
beforeEach(async () => {
  ({ claviger, data, clock, held, messenger } = world());
  await data('account create billing --grant PLATFORM --owner alice');
});

const HOOK = 'https://shop.example/hook';
const create = (options = '') => data<WebhookJson>(`webhook create ${HOOK} ${options}`);
const RETRY_RULES = { retryFor: 3 * 86_400_000, isEnding: () => false };

describe('a webhook', () => {
  test('is created with a secret that is shown once', async () => {
    const { stdout, stderr } = await claviger(`webhook create ${HOOK}`);
    const { secret, ...made } = JSON.parse(stdout) as WebhookJson;
    expect(secret).toMatch(/^whsec_/);
    expect(stderr).toBe('The secret is shown only this once: keep it now.\n');
    expect(made).toMatchObject({ url: HOOK, appId: null, events: [], description: null, enabled: true });
    expect(await data(`webhook show ${made.id}`)).toEqual(made);
    expect(await data('webhook list')).toEqual([made]);
  });

  test.each([
    '--event credential.expiring credential.rotated',
    '--event credential.rotated --event credential.expiring',
    '--event credential.rotated,credential.expiring',
  ])('hears of one account, and of what it was told: %s', async (events) => {
    expect(await create(`--app billing ${events} --description 'tells ops' --disabled`)).toMatchObject({
      appId: 'billing',
      events: ['credential.rotated', 'credential.expiring'],
      description: 'tells ops',
      enabled: false,
    });
  });

  test('is listed among all, or among those of its account', async () => {
    await data('account create wiki --grant PLATFORM');
    const [all, billing] = [await create(), await create('--app billing')];
    const ids = async (line: string) => (await data<WebhookJson[]>(line)).map(({ id }) => id);
    expect(await ids('webhook list')).toEqual([all.id, billing.id]);
    expect(await ids('webhook list --app billing')).toEqual([billing.id]);
    const none = await claviger('webhook list --app wiki', { typed: [] });
    expect([none.stdout, none.stderr]).toEqual(['', 'wiki has no webhooks.\n']);
    expect((await claviger('webhook list -o table')).stdout.replaceAll(/ +/g, ' ')).toBe(
      [
        'ID APP ID URL EVENTS STATE',
        `${all.id} - ${HOOK} all enabled`,
        `${billing.id} billing ${HOOK} all enabled`,
        '',
      ].join('\n'),
    );
  });

  test('keeps on an update what is not mentioned, and loses what is given as empty', async () => {
    const { id } = await create("--app billing --event credential.expiring --description 'tells ops'");
    expect(await data(`webhook update ${id} --url https://new.example/hook`)).toMatchObject({
      url: 'https://new.example/hook',
      events: ['credential.expiring'],
      description: 'tells ops',
    });
    expect(await data(`webhook update ${id} --event '' --description ''`)).toMatchObject({
      url: 'https://new.example/hook',
      events: [],
      description: null,
    });
    const wrong = await claviger(`webhook update ${id} --event account.eaten`);
    expect([wrong.exitCode, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/^error: --event must be names of events/),
    ]);
  });

  test('is disabled and enabled', async () => {
    const { id } = await create();
    expect(await data(`webhook disable ${id}`)).toBe(true);
    expect((await claviger(`webhook show ${id} -o table`)).stdout).toMatch(/^State +disabled$/m);
    expect(await data(`webhook enable ${id}`)).toBe(true);
    expect(await data(`webhook show ${id}`)).toMatchObject({ enabled: true, description: null });
  });

  test('gets another secret, shown once too', async () => {
    const before = await create();
    const { stdout, stderr } = await claviger(`webhook rotate-secret ${before.id} -o table`);
    const [, secret] = /^Secret +(whsec_\S+)$/m.exec(stdout) ?? [];
    expect(secret).toEqual(expect.any(String));
    expect(secret).not.toBe(before.secret);
    expect(stderr).toBe('The secret is shown only this once: keep it now.\nThe one before signs too for a day.\n');
    expect((await claviger(`webhook show ${before.id}`)).stdout).not.toContain('whsec_');
  });

  test('is deleted by whoever says yes', async () => {
    const { id } = await create();
    const no = await claviger(`webhook delete ${id}`, { typed: ['n'] });
    expect([no.exitCode, no.stderr]).toEqual([
      2,
      expect.stringContaining(`Delete the webhook to ${HOOK} and its deliveries? [y/N]`),
    ]);
    expect(await data(`webhook delete ${id}`)).toBe(true);
    expect(await data('webhook list')).toEqual([]);
    const [deleted] = await data<AuditJson[]>('audit list');
    expect(deleted).toMatchObject({ name: 'webhook.deleted', by: { kind: 'operator' } });
  });

  test('of everybody is not made for an account whose name got lost', async () => {
    expect((await claviger(`webhook create ${HOOK} --app ''`)).exitCode).toBe(2);
    expect(await data('webhook list')).toEqual([]);
  });

  test('is one too many after twenty', async () => {
    for (let i = 0; i < 20; i++) await create('--app billing');
    expect((await claviger(`webhook create ${HOOK} --app billing`)).exitCode).toBe(5);
  });
});

describe('a test of a webhook', () => {
  test('is sent at once, and tells how it ended', async () => {
    const { id } = await create();
    expect(await data(`webhook test ${id}`)).toEqual({ delivered: true, result: '204' });
    expect(messenger.sent.map(({ url, body }) => [url, JSON.parse(body)])).toMatchObject([
      [HOOK, { type: 'webhook.test' }],
    ]);
    expect((await claviger(`webhook test ${id} -o table`)).stdout).toBe('delivered: 204\n');
  });

  test('that did not arrive ends with exit code 3', async () => {
    const { id } = await create();
    messenger.answer(HOOK, REFUSED);
    const { exitCode, stdout, stderr } = await claviger(`webhook test ${id}`);
    expect([exitCode, JSON.parse(stdout), stderr]).toEqual([3, { delivered: false, result: '503' }, '']);
    expect((await claviger(`webhook test ${id} -o table`)).stdout).toBe('not delivered: 503\n');
  });
});

describe('deliveries', () => {
  let id: string;
  beforeEach(async () => {
    clock.advance(1000);
    ({ id } = await create());
    await data('account lock billing');
    clock.advance(1000);
    await data('account unlock billing');
    await held.publishEvents();
  });
  const deliver = () => held.deliverEvents({ webhookId: id }, RETRY_RULES);
  /** Until nothing is tried any more. */
  const die = async () => {
    messenger.answer(HOOK, REFUSED);
    for (let i = 0; i < 40; i++) {
      await deliver();
      clock.advance(9 * 3_600_000);
    }
  };

  test('are listed, the newest first, with how they ended', async () => {
    const names = async (options = '') =>
      (await data<DeliveryJson[]>(`webhook deliveries ${id} ${options}`)).map(({ type }) => type);
    expect(await names('--status waiting')).toEqual(['account.unlocked', 'account.locked']);
    await deliver();
    expect(await names('--status waiting')).toEqual([]);
    expect(await names('--status delivered')).toEqual(['account.unlocked', 'account.locked']);
    const { stdout, stderr } = await claviger(`webhook deliveries ${id} --limit 1 -o table`);
    expect(stdout.replaceAll(/ +/g, ' ')).toMatch(
      /^EVENT ID EVENT STATUS ATTEMPTS LAST \(UTC\) RESULT NEXT \(UTC\)\nevt_\d+ account\.unlocked delivered 1 2026-01-01 00:00:02 204 -\n$/,
    );
    const [cursor] = /--cursor \S+/.exec(stderr) ?? [];
    expect(await names(cursor)).toEqual(['account.locked']);
    const wrong = await claviger(`webhook deliveries ${id} --status lost`);
    expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringMatching(/^error: --status must be one of/)]);
    const none = await claviger(`webhook deliveries ${id} --status dead`, { typed: [] });
    expect([none.stdout, none.stderr]).toEqual(['', 'There are no such deliveries.\n']);
  });

  test('that failed wait, and then their webhook rests', async () => {
    messenger.answer(HOOK, REFUSED);
    for (let i = 0; i < 3; i++) {
      await deliver();
      clock.advance(200_000);
    }
    expect((await claviger(`webhook list -o table`)).stdout).toMatch(/ rests until 2026-01-01 \d\d:\d\d UTC$/m);
    const [newest] = await data<DeliveryJson[]>(`webhook deliveries ${id}`);
    expect(newest).toMatchObject({ status: 'waiting', lastResult: '503', nextAttemptAt: expect.any(String) });
  });

  test('that are dead are sent again, all or one', async () => {
    await die();
    const dead = await data<DeliveryJson[]>(`webhook deliveries ${id} --status dead`);
    expect(dead).toHaveLength(2);
    expect(await data(`webhook replay ${id} ${dead[0]?.eventId}`)).toBe(1);
    expect(await data(`webhook replay ${id}`)).toBe(1);
    expect(await data(`webhook replay ${id}`)).toBe(0);
    expect(await data(`webhook deliveries ${id} --status waiting`)).toHaveLength(2);
    const gone = await claviger(`webhook replay ${id} evt_999999`);
    expect([gone.exitCode, gone.stderr]).toEqual([4, 'error: The webhook has no such delivery.\n']);
  });
});
