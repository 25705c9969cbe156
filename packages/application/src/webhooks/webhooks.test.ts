import { EVENT_NAMES, MAX_WEBHOOKS, OPERATOR, type Caller, type Webhook } from '@claviger/domain';
import { admin, callingAccount, NEW_YEAR, platformAccount, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, WEB_APP, world } from '../../test/world.js';

const alice = { ...user('alice'), origin: HERE };
const bob = user('bob');
const URL = 'https://hooks.example/claviger';
const DAY = 86_400_000;

/** Alice's account with a webhook of its own, and one that hears everything. */
async function withWebhooks() {
  const here = world();
  const { account } = await here.createAccount(OPERATOR, WEB_APP, 'alice');
  const { webhook: own, secret } = await here.registerWebhook(alice, { appId: 'calendar', url: URL });
  const { webhook: everybodys } = await here.registerWebhook(admin(), { url: 'https://hooks.example/all' });
  return { ...here, account, own, secret, everybodys };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('registering a webhook', () => {
  it('keeps it: enabled, hearing everything, unless it is stated otherwise', async () => {
    const { registerWebhook, showWebhook, own, account } = await withWebhooks();
    const usual = { url: URL, events: [], description: null, enabled: true, createdAt: NEW_YEAR, formerSecret: null };
    expect(own).toMatchObject({ ...usual, accountId: account.id, appId: 'calendar' });
    const stated = { url: URL, events: ['account.locked'], description: 'chat', enabled: false };
    const { webhook } = await registerWebhook(admin(), { ...stated, appId: null });
    expect(webhook).toMatchObject({ ...stated, accountId: null, appId: null });
    expect(await showWebhook(admin(), { id: webhook.id })).toEqual(webhook);
  });

  it('is for the owner of the account and for admins; to others there is no such account', async () => {
    const { registerWebhook } = await withWebhooks();
    await registerWebhook(admin(), { appId: 'CALENDAR', url: URL });
    for (const appId of ['calendar', 'nowhere'])
      await expect(registerWebhook(bob, { appId, url: URL })).rejects.toMatchObject({ code: 'account_missing' });
    await expect(registerWebhook(admin(), { appId: 'nowhere', url: URL })).rejects.toMatchObject({
      code: 'account_missing',
    });
  });

  it('that hears of everybody is for admins', async () => {
    const { registerWebhook } = await withWebhooks();
    await expect(registerWebhook(alice, { url: URL })).rejects.toMatchObject({ code: 'user_not_allowed' });
  });

  it('through a platform needs the scope SYSTEM and a user', async () => {
    const { registerWebhook } = await withWebhooks();
    const given = { appId: 'calendar', url: URL };
    const weak = user('alice', callingAccount({ scope: ['PROJECT'] }));
    await expect(registerWebhook(weak, given)).rejects.toMatchObject({ code: 'account_not_allowed' });
    await expect(registerWebhook(platformAccount(), given)).rejects.toMatchObject({ code: 'user_header_missing' });
    await registerWebhook(user('alice', callingAccount()), given);
  });

  it.each([
    ['url', { url: 'javascript:alert(1)' }],
    ['events', { url: URL, events: ['account.opened', 'account.exploded'] }],
    ['events', { url: URL, events: ['caller.refused'] }],
    ['description', { url: URL, description: '\0' }],
    ['appId', { url: URL, appId: 'no spaces' }],
    ['appId', { url: URL, appId: '' }],
  ])('refuses an ill-formed %s before anything else', async (field, given) => {
    const { registerWebhook } = await withWebhooks();
    for (const caller of [admin(), bob])
      await expect(registerWebhook(caller, { appId: 'nowhere', ...given })).rejects.toMatchObject({
        code: 'field_invalid',
        details: { field },
      });
  });

  it('needs an address', async () => {
    const { registerWebhook } = await withWebhooks();
    const nothing = {} as { url: string };
    await expect(registerWebhook(admin(), nothing)).rejects.toMatchObject({
      details: { field: 'url', rule: 'required' },
    });
  });

  it('stops at a number for each account, and for those of everybody', async () => {
    const { registerWebhook, deleteWebhook, own, createAccount } = await withWebhooks();
    const refusal = { code: 'too_many_webhooks', details: { most: MAX_WEBHOOKS } };
    await createAccount(alice, { ...WEB_APP, appId: 'diary' });
    for (const appId of ['calendar', undefined]) {
      for (let i = 1; i < MAX_WEBHOOKS; i++) await registerWebhook(admin(), { appId, url: URL });
      await expect(registerWebhook(admin(), { appId, url: URL })).rejects.toMatchObject(refusal);
    }
    await registerWebhook(alice, { appId: 'diary', url: URL });
    await deleteWebhook(alice, { id: own.id });
    await registerWebhook(alice, { appId: 'calendar', url: URL });
  });
});

describe('the secret of a webhook', () => {
  it('is shown when it is made, and is kept nowhere in clear', async () => {
    const { own, secret, rotateWebhookSecret, listWebhooks, showWebhook, updateWebhook, ...here } =
      await withWebhooks();
    const renewed = await rotateWebhookSecret(alice, { id: own.id });
    expect(new Set([secret, renewed.secret]).size).toBe(2);
    await here.lockAccount(alice, { appId: 'calendar', locked: true });
    await here.publishEvents();
    await here.deliverEvents({ webhookId: own.id }, { retryFor: DAY, isEnding: () => false });
    const everything = JSON.stringify([
      await all(await listWebhooks(admin())),
      await showWebhook(alice, { id: own.id }),
      await updateWebhook(alice, { id: own.id, description: 'new' }),
      await here.listDeliveries(alice, { id: own.id }),
      await all(here.exportAudit(admin())),
      here.database.jobs,
      renewed.webhook,
    ]);
    expect(everything).toContain(URL);
    for (const shown of [secret, renewed.secret]) {
      expect(shown).toMatch(/^whsec_/);
      expect(everything).not.toContain(shown);
      expect(everything).not.toContain(shown.slice('whsec_'.length));
    }
  });

  it('that is new signs at once; the one before it signs too for a day', async () => {
    const { own, secret, rotateWebhookSecret, testWebhook, messenger, clock } = await withWebhooks();
    const signedWith = async () => {
      await testWebhook(alice, { id: own.id });
      return messenger.sent.at(-1)?.secrets;
    };
    expect(await signedWith()).toEqual([secret]);
    const second = await rotateWebhookSecret(alice, { id: own.id });
    expect(await signedWith()).toEqual([second.secret, secret]);
    clock.advance(DAY - 1);
    expect(await signedWith()).toEqual([second.secret, secret]);
    clock.advance(1);
    expect(await signedWith()).toEqual([second.secret]);
    const third = await rotateWebhookSecret(alice, { id: own.id });
    expect(await signedWith()).toEqual([third.secret, second.secret]);
  });
});

describe('a webhook', () => {
  type World = Awaited<ReturnType<typeof withWebhooks>>;
  const calls: readonly [string, (here: World, caller: Caller, id: string) => Promise<unknown>][] = [
    ['shown', (here, caller, id) => here.showWebhook(caller, { id })],
    ['updated', (here, caller, id) => here.updateWebhook(caller, { id, description: 'mine' })],
    ['given a new secret', (here, caller, id) => here.rotateWebhookSecret(caller, { id })],
    ['tested', (here, caller, id) => here.testWebhook(caller, { id })],
    ['asked for its deliveries', (here, caller, id) => here.listDeliveries(caller, { id })],
    ['replayed', (here, caller, id) => here.replayDeliveries(caller, { id })],
    ['deleted', (here, caller, id) => here.deleteWebhook(caller, { id })],
  ];

  it.each(calls)('is %s by its account’s owner and by admins, to others it is missing', async (_what, call) => {
    for (const caller of [alice, admin(), OPERATOR]) {
      const here = await withWebhooks();
      await call(here, caller, here.own.id);
    }
    const here = await withWebhooks();
    const missing = { code: 'webhook_missing', details: {} };
    const before = here.database.events.length;
    await expect(call(here, bob, here.own.id)).rejects.toMatchObject(missing);
    await expect(call(here, alice, here.everybodys.id)).rejects.toMatchObject(missing);
    for (const caller of [alice, bob, admin()])
      for (const id of ['nonsense', '']) await expect(call(here, caller, id)).rejects.toMatchObject(missing);
    const weak = user('alice', callingAccount({ scope: ['PROJECT'] }));
    await expect(call(here, weak, here.own.id)).rejects.toMatchObject({ code: 'account_not_allowed' });
    expect(here.database.events).toHaveLength(before);
    expect(here.messenger.sent).toEqual([]);
    await call(here, admin(), here.everybodys.id);
  });

  it('goes with its account to another owner, and is gone with it', async () => {
    const { own, transferAccount, deleteAccount, showWebhook, deliverEvents } = await withWebhooks();
    await transferAccount(admin(), { appId: 'calendar', owner: 'bob' });
    await expect(showWebhook(alice, { id: own.id })).rejects.toMatchObject({ code: 'webhook_missing' });
    expect(await showWebhook(bob, { id: own.id })).toMatchObject({ appId: 'calendar' });
    await deleteAccount(bob, { appId: 'calendar' });
    await expect(showWebhook(admin(), { id: own.id })).rejects.toMatchObject({ code: 'webhook_missing' });
    expect(await deliverEvents({ webhookId: own.id }, { retryFor: DAY, isEnding: () => false })).toEqual({
      delivered: 0,
      failed: 0,
    });
  });

  it('keeps what an update leaves out, and each change is kept in the record', async () => {
    const { own, updateWebhook, rotateWebhookSecret, deleteWebhook, database, clock } = await withWebhooks();
    const latest = () => database.events.at(-1);
    clock.advance(5);
    const events = [EVENT_NAMES[1] ?? '', EVENT_NAMES[0] ?? ''];
    const after = await updateWebhook(alice, { id: own.id, events });
    expect(after).toMatchObject({ url: URL, enabled: true, events: events.toReversed(), lastModifiedAt: NEW_YEAR + 5 });
    const by = { kind: 'user', userId: 'alice', ...HERE };
    const subject = { kind: 'webhook', id: own.id, name: 'calendar' };
    expect(latest()).toMatchObject({ name: 'webhook.amended', by, subject });
    expect(latest()?.changes).toEqual({ before: { events: [] }, after: { events: events.toReversed() } });
    const { webhook } = await rotateWebhookSecret(alice, { id: own.id });
    expect(latest()).toMatchObject({ name: 'webhook.secret_rotated', by, subject });
    expect(latest()?.changes).toEqual({
      before: { secret: own.secret.fingerprint },
      after: { secret: webhook.secret.fingerprint },
    });
    await deleteWebhook(alice, { id: own.id });
    expect(latest()).toMatchObject({ name: 'webhook.deleted', by, subject, changes: { after: null } });
  });

  it.each([
    ['url', { url: 'ftp://hooks.example' }],
    ['events', { events: ['nothing'] }],
  ])('is not updated with an ill-formed %s', async (field, given) => {
    const { own, updateWebhook, showWebhook } = await withWebhooks();
    await expect(updateWebhook(bob, { id: own.id, ...given })).rejects.toMatchObject({ details: { field } });
    expect(await showWebhook(alice, { id: own.id })).toEqual(own);
  });
});

describe('listing webhooks', () => {
  const ids = (webhooks: readonly Webhook[]) => webhooks.map(({ id }) => id);

  it('tells those of one account to its owner, in order of creation, and all of them to admins', async () => {
    const { listWebhooks, registerWebhook, own, everybodys } = await withWebhooks();
    const { webhook: second } = await registerWebhook(alice, { appId: 'calendar', url: URL });
    expect(ids(await all(await listWebhooks(alice, { appId: 'Calendar' })))).toEqual([own.id, second.id]);
    expect(ids(await all(await listWebhooks(admin())))).toEqual([own.id, everybodys.id, second.id]);
    expect(ids(await all(await listWebhooks(admin(), { appId: 'calendar' })))).toEqual([own.id, second.id]);
  });

  it('tells others nothing', async () => {
    const { listWebhooks } = await withWebhooks();
    await expect(listWebhooks(alice)).rejects.toMatchObject({ code: 'user_not_allowed' });
    for (const appId of ['calendar', 'nowhere'])
      await expect(listWebhooks(bob, { appId })).rejects.toMatchObject({ code: 'account_missing' });
    await expect(listWebhooks(bob, { appId: '' })).rejects.toMatchObject({ details: { field: 'appId' } });
  });
});

describe('testing a webhook', () => {
  it('sends one message of its own kind at once, and tells how that ended', async () => {
    const { own, testWebhook, listDeliveries, messenger } = await withWebhooks();
    expect(await testWebhook(alice, { id: own.id })).toEqual({ delivered: true, result: '204' });
    const failure = { delivered: false, result: 'timeout', gone: false, retryAfter: null } as const;
    messenger.answer(URL, failure);
    expect(await testWebhook(alice, { id: own.id })).toEqual(failure);
    expect(messenger.sent).toHaveLength(2);
    expect(messenger.sent[0]).toMatchObject({ url: URL, id: `evt_test_${NEW_YEAR}`, at: NEW_YEAR });
    expect(JSON.parse(messenger.sent[0]?.body ?? '')).toEqual({
      type: 'webhook.test',
      timestamp: '2026-01-01T00:00:00.000Z',
      data: { webhookId: own.id, appId: 'calendar' },
    });
    expect(await listDeliveries(alice, { id: own.id })).toEqual({ deliveries: [], next: null });
  });
});
