import { OPERATOR, RESTS_AFTER, type Outcome, type WebhookId } from '@claviger/domain';
import { admin, aDelivery, DELIVERED, NEW_YEAR, REFUSED, user } from '@claviger/testing';
import { describe, expect, it } from '@jest/globals';
import { HERE, WEB_APP, world } from '../../test/world.js';

const alice = { ...user('alice'), origin: HERE };
const URL = 'https://hooks.example/claviger';
const ALL = 'https://hooks.example/all';
const [SECOND, HOUR, DAY] = [1000, 3_600_000, 86_400_000];
const RULES = { retryFor: 3 * DAY };

/** Two accounts of Alice's, one of them with a webhook; a webhook that hears everything; and nothing to publish. */
async function withWebhooks() {
  const here = world();
  await here.createAccount(OPERATOR, WEB_APP, 'alice');
  await here.createAccount(OPERATOR, { ...WEB_APP, appId: 'diary' }, 'alice');
  here.clock.advance(1);
  const { webhook: own } = await here.registerWebhook(alice, { appId: 'calendar', url: URL });
  const { webhook: everybodys } = await here.registerWebhook(admin(), { url: ALL });
  await here.publishEvents();
  const lock = (appId = 'calendar', locked = true) => here.lockAccount(admin(), { appId, locked });
  /** So many events of the calendar. */
  const happen = async (events: number) => {
    for (let i = 0; i < events; i++) await here.updateAccount(alice, { ...WEB_APP, description: `${i}` });
  };
  const deliver = (webhookId: WebhookId = own.id, isEnding = () => false) =>
    here.deliverEvents({ webhookId }, { ...RULES, isEnding });
  const deliveries = async (status?: string) =>
    (await here.listDeliveries(admin(), { id: own.id, status, limit: 1000 })).deliveries;
  const jobs = () => here.database.jobs.filter(({ queue }) => queue === own.id);
  return { ...here, own, everybodys, lock, happen, deliver, deliveries, jobs };
}

type World = Awaited<ReturnType<typeof withWebhooks>>;

async function heardBy({ listDeliveries }: World, id: string): Promise<readonly string[]> {
  const { deliveries } = await listDeliveries(admin(), { id, limit: 1000 });
  return deliveries.map(({ name }) => name).toReversed();
}

describe('a worker that ends', () => {
  it('begins no further attempt, writes down those that were made, and leaves the rest to whoever comes next', async () => {
    const here = await withWebhooks();
    await here.happen(12);
    await here.publishEvents();
    const before = here.messenger.sent.length;
    const isEnding = () => here.messenger.sent.length - before >= 5;
    expect(await here.deliver(here.own.id, isEnding)).toEqual({ delivered: 5, failed: 0 });
    expect(await here.deliveries('delivered')).toHaveLength(5);
    expect(await here.deliveries('waiting')).toHaveLength(7);
    expect(here.jobs()).not.toEqual([]);
    expect(await here.deliver()).toEqual({ delivered: 7, failed: 0 });
  });
});

describe('publishing', () => {
  it('reaches whoever wants to hear: an account’s own webhook of that account, others of everybody', async () => {
    const here = await withWebhooks();
    await here.lock('calendar');
    await here.lock('diary');
    await here.createUser(OPERATOR, { userId: 'carol' });
    expect(await here.publishEvents()).toBe(4);
    expect(await heardBy(here, here.own.id)).toEqual(['account.locked']);
    expect(await heardBy(here, here.everybodys.id)).toEqual(['account.locked', 'account.locked', 'user.registered']);
  });

  it('leaves out the events that a webhook did not choose, and what is no event for webhooks', async () => {
    const here = await withWebhooks();
    await here.updateWebhook(alice, { id: here.own.id, events: ['account.unlocked'] });
    await here.lock();
    await here.lock('calendar', false);
    await here.publishEvents();
    expect(await heardBy(here, here.own.id)).toEqual(['account.unlocked']);
    expect(await heardBy(here, here.everybodys.id)).toEqual(['account.locked', 'account.unlocked']);
  });

  it('tells everything once, also when two workers publish at the same time', async () => {
    const here = await withWebhooks();
    await here.happen(250);
    const published = await Promise.all([here.publishEvents(), here.publishEvents()]);
    expect(published[0] + published[1]).toBe(500);
    expect(await here.publishEvents()).toBe(0);
    expect(await here.deliveries()).toHaveLength(250);
    expect(new Set((await here.deliveries()).map(({ eventId }) => eventId)).size).toBe(250);
  });

  it('tells nothing of what was before a webhook was registered', async () => {
    const here = await withWebhooks();
    await here.lock();
    here.clock.advance(1);
    const { webhook } = await here.registerWebhook(admin(), { url: URL });
    await here.lock('calendar', false);
    await here.publishEvents();
    expect(await heardBy(here, webhook.id)).toEqual(['account.unlocked']);
  });

  it('has each webhook called once for all that it shall hear, at once', async () => {
    const here = await withWebhooks();
    await here.happen(3);
    await here.publishEvents();
    const now = here.clock.now();
    const job = (id: string) => ({
      task: 'deliver',
      payload: { webhookId: id },
      key: `deliver:${id}`,
      queue: id,
      at: now,
    });
    expect(here.database.jobs).toEqual([job(here.own.id), job(here.everybodys.id)]);
  });

  it('to nobody makes no delivery and no job', async () => {
    const { createUser, publishEvents, database } = world();
    await createUser(OPERATOR, { userId: 'carol' });
    expect(await publishEvents()).toBe(0);
    expect(database.jobs).toEqual([]);
  });
});

describe('delivering', () => {
  it('sends what happened under its own name, once', async () => {
    const here = await withWebhooks();
    await here.lock();
    await here.publishEvents();
    expect(await here.deliver()).toEqual({ delivered: 1, failed: 0 });
    expect(await here.deliver()).toEqual({ delivered: 0, failed: 0 });
    const record = here.database.events.at(-1);
    expect(here.messenger.sent).toMatchObject([{ url: URL, id: `evt_${record?.id}`, at: NEW_YEAR + 1 }]);
    const [{ body } = { body: '' }] = here.messenger.sent;
    expect(JSON.parse(body)).toEqual({
      type: 'account.locked',
      timestamp: '2026-01-01T00:00:00.001Z',
      data: { subject: record?.subject, by: { kind: 'user', userId: 'admin', appId: null } },
    });
    expect(await here.deliveries()).toMatchObject([
      { status: 'delivered', attempts: 1, lastAttemptAt: NEW_YEAR + 1, lastResult: '204' },
    ]);
  });

  it('signs with the new secret and with the one before', async () => {
    const here = await withWebhooks();
    const { secret } = await here.rotateWebhookSecret(alice, { id: here.own.id });
    await here.lock();
    await here.publishEvents();
    await here.deliver();
    const [{ secrets } = { secrets: [] }] = here.messenger.sent;
    expect(secrets).toHaveLength(2);
    expect(secrets[0]).toBe(secret);
  });

  it('sends everything that is due, in several turns if it is much', async () => {
    const here = await withWebhooks();
    await here.happen(120);
    await here.publishEvents();
    let turns = 0;
    for (; turns < 9 && (await here.deliveries('waiting')).length > 0; turns++) {
      await here.deliver();
      if ((await here.deliveries('waiting')).length > 0)
        expect(here.jobs()).toContainEqual(
          expect.objectContaining({ key: `deliver:${here.own.id}`, at: NEW_YEAR + 1 }),
        );
    }
    expect(turns).toBe(6);
    expect(new Set(here.messenger.sent.map(({ id }) => id)).size).toBe(120);
    expect(here.messenger.sent).toHaveLength(120);
  });

  it('is tried again later and later under the same name with the same words, and not before it is due', async () => {
    const here = await withWebhooks();
    here.messenger.answer(URL, REFUSED);
    await here.lock();
    await here.publishEvents();
    for (const [attempts, pause] of [5, 30, 120, 600].map((seconds, i) => [i + 1, seconds * SECOND] as const)) {
      expect(await here.deliver()).toEqual({ delivered: 0, failed: 1 });
      const now = here.clock.now();
      expect(await here.deliveries()).toMatchObject([
        { status: 'waiting', attempts, nextAt: now + pause, lastAttemptAt: now, lastResult: '503' },
      ]);
      expect(here.jobs()).toContainEqual({
        task: 'deliver',
        payload: { webhookId: here.own.id },
        key: `retry:${here.own.id}`,
        queue: here.own.id,
        at: now + pause,
      });
      here.clock.advance(pause - 1);
      expect(await here.deliver()).toEqual({ delivered: 0, failed: 0 });
      here.clock.advance(1);
    }
    here.messenger.answer(URL, DELIVERED);
    expect(await here.deliver()).toEqual({ delivered: 1, failed: 0 });
    const said = here.messenger.sent.map(({ id, body }) => `${id} ${body}`);
    expect([said.length, new Set(said).size]).toEqual([5, 1]);
    expect(here.messenger.sent.at(-1)?.at).toBe(here.clock.now());
    expect(await here.showWebhook(alice, { id: here.own.id })).toMatchObject({
      health: { failures: 0, restsUntil: null },
    });
  });

  it('waits for as long as the receiver asks to be left alone', async () => {
    const here = await withWebhooks();
    here.messenger.answer(URL, { ...REFUSED, result: '429', retryAfter: HOUR } as Outcome);
    await here.happen(1);
    await here.publishEvents();
    await here.deliver();
    here.clock.advance(HOUR - 1);
    await here.happen(1);
    await here.publishEvents();
    expect(await here.deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(here.jobs()).toContainEqual(expect.objectContaining({ at: NEW_YEAR + 1 + HOUR }));
    here.messenger.answer(URL, DELIVERED);
    here.clock.advance(1);
    expect(await here.deliver()).toEqual({ delivered: 2, failed: 0 });
  });

  it('is dead when it was tried for long enough; nothing more is sent and nothing is waited for', async () => {
    const here = await withWebhooks();
    here.messenger.answer(URL, REFUSED);
    await here.lock();
    await here.publishEvents();
    for (let i = 0; i < 100 && (await here.deliveries('waiting')).length > 0; i++) {
      await here.deliver();
      here.clock.advance(8 * HOUR);
    }
    const [dead] = await here.deliveries('dead');
    expect(dead).toMatchObject({ lastResult: '503' });
    expect((dead?.lastAttemptAt ?? 0) - NEW_YEAR).toBeGreaterThan(2 * DAY);
    expect((dead?.lastAttemptAt ?? Infinity) - NEW_YEAR).toBeLessThanOrEqual(3 * DAY + 1);
    const sent = here.messenger.sent.length;
    here.clock.advance(DAY);
    expect(await here.deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(here.messenger.sent).toHaveLength(sent);
  });

  it('to a webhook that is disabled sends nothing, and makes nothing to send', async () => {
    const here = await withWebhooks();
    const { id } = here.own;
    await here.happen(1);
    await here.publishEvents();
    await here.updateWebhook(alice, { id, enabled: false });
    await here.happen(1);
    await here.publishEvents();
    expect(await here.deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(here.messenger.sent).toEqual([]);
    expect(await here.deliveries()).toMatchObject([{ status: 'waiting', attempts: 0 }]);
    here.clock.advance(1);
    const before = here.clock.now();
    await here.updateWebhook(alice, { id, enabled: true });
    expect(here.jobs()).toContainEqual(expect.objectContaining({ key: `deliver:${id}`, at: before }));
    expect(await here.deliver()).toEqual({ delivered: 1, failed: 0 });
  });

  it('to a webhook that is gone is none', async () => {
    const here = await withWebhooks();
    await here.happen(1);
    await here.publishEvents();
    await here.deleteWebhook(alice, { id: here.own.id });
    expect(await here.deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(here.messenger.sent).toEqual([]);
  });
});

describe('a webhook that does not answer', () => {
  /** It has missed many events at once and rests. */
  async function resting() {
    const here = await withWebhooks();
    here.messenger.answer(URL, REFUSED);
    await here.happen(18);
    await here.publishEvents();
    const { failed } = await here.deliver();
    const health = async () => (await here.showWebhook(alice, { id: here.own.id })).health;
    return { ...here, failed, health };
  }

  it('is not asked for every event, and then rests, others not', async () => {
    const { failed, health, deliver, jobs, messenger, everybodys, deliveries } = await resting();
    expect(failed).toBeGreaterThanOrEqual(RESTS_AFTER);
    expect(failed).toBeLessThan(2 * RESTS_AFTER);
    expect(messenger.sent).toHaveLength(failed);
    const restsUntil = NEW_YEAR + 1 + 5 * SECOND;
    expect(await health()).toEqual({ failures: RESTS_AFTER, restsUntil });
    expect(jobs()).toContainEqual(expect.objectContaining({ key: expect.stringMatching(/^retry:/), at: restsUntil }));
    expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(messenger.sent).toHaveLength(failed);
    expect(await deliver(everybodys.id)).toEqual({ delivered: 18, failed: 0 });
    expect((await deliveries('waiting')).length).toBe(18);
  });

  it('is called again at the end of its rest, whoever calls before', async () => {
    const { own, deliver, jobs, database, clock } = await withWebhooks();
    const restsUntil = clock.now() + HOUR;
    await database.unitOfWork.run(({ webhooks }) => webhooks.noteHealth(own.id, { failures: 5, restsUntil }));
    expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
    expect(jobs()).toMatchObject([{ key: `retry:${own.id}`, at: restsUntil }]);
  });

  it('is asked once after its rest, and rests longer when that fails too', async () => {
    const { health, deliver, clock } = await resting();
    for (const [i, rest] of [5, 30, 120].entries()) {
      clock.advance(rest * SECOND - 1);
      expect(await deliver()).toEqual({ delivered: 0, failed: 0 });
      clock.advance(1);
      expect(await deliver()).toEqual({ delivered: 0, failed: 1 });
      expect((await health()).failures).toBe(RESTS_AFTER + i + 1);
    }
  });

  it('gets everything that waited once it answers again', async () => {
    const { health, deliver, deliveries, clock, messenger, jobs } = await resting();
    clock.advance(5 * SECOND);
    messenger.answer(URL, DELIVERED);
    expect(await deliver()).toEqual({ delivered: 1, failed: 0 });
    expect(await health()).toEqual({ failures: 0, restsUntil: null });
    expect(jobs()).toContainEqual(
      expect.objectContaining({ key: expect.stringMatching(/^deliver:/), at: clock.now() }),
    );
    expect((await deliver()).delivered).toBe(17);
    expect(await deliveries('delivered')).toHaveLength(18);
  });

  it('is asked at once when somebody has seen to it', async () => {
    const { own, updateWebhook, health, deliver, messenger } = await resting();
    messenger.answer('https://new.example/', DELIVERED);
    await updateWebhook(alice, { id: own.id, url: 'https://new.example/' });
    expect(await health()).toEqual({ failures: 0, restsUntil: null });
    expect((await deliver()).delivered).toBeGreaterThan(1);
  });

  it('does not keep what it missed waiting for ever: that is dead too, tried or not', async () => {
    const { deliver, deliveries, clock, happen, publishEvents } = await resting();
    clock.advance(3 * DAY - HOUR);
    await happen(1);
    await publishEvents();
    await deliver();
    clock.advance(9 * HOUR);
    await deliver();
    expect(await deliveries('dead')).toHaveLength(18);
    expect(await deliveries('waiting')).toHaveLength(1);
  });

  it('any more, and says so (410), is disabled, which is kept in the record', async () => {
    const here = await withWebhooks();
    here.messenger.answer(URL, { delivered: false, result: '410', gone: true, retryAfter: null });
    await here.happen(1);
    await here.publishEvents();
    expect(await here.deliver()).toEqual({ delivered: 0, failed: 1 });
    expect(await here.showWebhook(alice, { id: here.own.id })).toMatchObject({ enabled: false });
    expect(here.database.events.at(-1)).toMatchObject({
      name: 'webhook.amended',
      by: { kind: 'worker' },
      subject: { kind: 'webhook', id: here.own.id },
      changes: { before: { enabled: true }, after: { enabled: false } },
    });
    expect(await here.deliveries()).toMatchObject([{ status: 'dead', lastResult: '410', attempts: 1 }]);
    await here.happen(1);
    await here.publishEvents();
    await here.deliver();
    expect(here.messenger.sent).toHaveLength(1);
    expect(await here.deliveries()).toHaveLength(1);
  });
});

describe('replaying', () => {
  /** Three that were refused for good, and one that was taken. */
  async function withDead() {
    const here = await withWebhooks();
    here.messenger.answer(URL, { delivered: false, result: '410', gone: true, retryAfter: null });
    await here.happen(3);
    await here.publishEvents();
    await here.deliver();
    here.messenger.answer(URL, DELIVERED);
    await here.updateWebhook(alice, { id: here.own.id, enabled: true });
    await here.lock();
    await here.publishEvents();
    await here.deliver();
    const before = here.messenger.sent.length;
    return { ...here, sentSince: () => here.messenger.sent.slice(before) };
  }

  it('sends every dead one again when none is named', async () => {
    const { own, replayDeliveries, deliver, deliveries, jobs, clock, sentSince, database } = await withDead();
    const dead = await deliveries('dead');
    expect([dead.length, (await deliveries('delivered')).length]).toEqual([3, 1]);
    clock.advance(10 * DAY);
    expect(await replayDeliveries(alice, { id: own.id })).toBe(3);
    expect(database.events.at(-1)).toMatchObject({ name: 'webhook.replayed', by: { userId: 'alice' } });
    expect(jobs()).toContainEqual(expect.objectContaining({ key: `deliver:${own.id}`, at: clock.now() }));
    expect(await deliver()).toEqual({ delivered: 3, failed: 0 });
    const said = ({ body }: { readonly body: string }) => body;
    expect(sentSince().map(said).toSorted()).toEqual(dead.map(said).toSorted());
    expect(await replayDeliveries(alice, { id: own.id })).toBe(0);
  });

  it('sends one again whatever became of it, and no other', async () => {
    const { own, replayDeliveries, deliver, deliveries, sentSince } = await withDead();
    for (const [{ eventId } = { eventId: '' }] of [await deliveries('delivered'), await deliveries('dead')]) {
      expect(await replayDeliveries(alice, { id: own.id, eventId })).toBe(1);
      expect(await deliver()).toEqual({ delivered: 1, failed: 0 });
      expect(sentSince().at(-1)).toMatchObject({ id: eventId });
    }
    expect(sentSince()).toHaveLength(2);
  });

  it('tries it for as long as if it were new', async () => {
    const { own, replayDeliveries, deliver, deliveries, clock, messenger } = await withDead();
    clock.advance(10 * DAY);
    messenger.answer(URL, REFUSED);
    await replayDeliveries(alice, { id: own.id });
    await deliver();
    expect((await deliveries('waiting')).map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
  });

  it('refuses an event that the webhook never had', async () => {
    const { own, everybodys, replayDeliveries, createUser, publishEvents, listDeliveries } = await withDead();
    await createUser(OPERATOR, { userId: 'carol' });
    await publishEvents();
    const [others] = (await listDeliveries(admin(), { id: everybodys.id })).deliveries;
    for (const eventId of [others?.eventId ?? '', 'evt_9999', 'nonsense', ''])
      await expect(replayDeliveries(alice, { id: own.id, eventId })).rejects.toMatchObject({
        code: 'delivery_missing',
      });
  });

  it('calls back however many are dead', async () => {
    const here = await withWebhooks();
    const { id: webhookId } = here.own;
    const dead = Array.from({ length: 1001 }, () => aDelivery({ webhookId, status: 'dead' }));
    await here.database.unitOfWork.run((stores) => stores.deliveries.addAll(dead));
    expect(await here.replayDeliveries(alice, { id: here.own.id })).toBe(1001);
    expect(await here.deliveries('dead')).toEqual([]);
  });
});

describe('listing deliveries', () => {
  it('tells the newest first, page by page, of one status if one is named', async () => {
    const here = await withWebhooks();
    const { id } = here.own;
    await here.happen(3);
    await here.publishEvents();
    await here.deliver();
    await here.happen(2);
    await here.publishEvents();
    const numbers = (given: readonly { eventId: string }[]) => given.map(({ eventId }) => Number(eventId.slice(4)));
    const everything = numbers((await here.listDeliveries(alice, { id })).deliveries);
    expect(everything).toEqual(everything.toSorted((one, other) => other - one));
    expect(everything).toHaveLength(5);
    const first = await here.listDeliveries(alice, { id, limit: 3 });
    const second = await here.listDeliveries(alice, { id, limit: 3, cursor: first.next ?? '' });
    expect([...numbers(first.deliveries), ...numbers(second.deliveries)]).toEqual(everything);
    expect(second.next).toBeNull();
    expect(numbers((await here.listDeliveries(alice, { id, status: 'waiting' })).deliveries)).toEqual(
      everything.slice(0, 2),
    );
  });

  it('tells a hundred when no limit is given', async () => {
    const here = await withWebhooks();
    await here.happen(101);
    await here.publishEvents();
    const page = await here.listDeliveries(alice, { id: here.own.id });
    expect([page.deliveries.length, page.next]).toEqual([100, page.deliveries.at(-1)?.eventId]);
  });

  it.each([
    ['status', { status: 'lost' }],
    ['limit', { limit: 0 }],
    ['limit', { limit: 1001 }],
    ['cursor', { cursor: '12' }],
    ['cursor', { cursor: 'evt_0' }],
  ])('refuses an ill-formed %s', async (field, wrong) => {
    const { listDeliveries } = world();
    await expect(listDeliveries(alice, { id: 'any', ...wrong })).rejects.toMatchObject({ details: { field } });
  });
});
