import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Delivery, DeliveryStatus, EventId, Stores, Webhook, WebhookId } from '@claviger/domain';
import { aDelivery, aWebhook, aWebhookEvent } from '../builders.js';
import { NEW_YEAR } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { givenWebhook, type OpenEmpty } from './open-empty.js';

/** What every reader and every store of deliveries keeps. */
export function deliveryContract(open: OpenEmpty): void {
  describe('deliveries', () => {
    let database: Database;
    let webhook: Webhook;
    let other: Webhook;
    beforeEach(async () => {
      database = await open();
      webhook = await givenWebhook(database);
      other = await givenWebhook(database);
    });

    const run = <T>(work: (stores: Stores) => Promise<T>) => database.unitOfWork.run(work);
    const event = (number: number) => `evt_${number}` as EventId;
    const delivery = (number: number, told: Partial<Delivery> = {}) =>
      aDelivery({ webhookId: webhook.id, eventId: event(number), ...told });
    const add = (...built: Delivery[]) => run(({ deliveries }) => deliveries.addAll(built));
    const save = (...built: Delivery[]) => run(({ deliveries }) => deliveries.saveAll(built));
    const newest = (status?: DeliveryStatus, limit = 5_000, after: EventId | null = null) =>
      database.webhooks.listDeliveries(webhook.id, status, { limit, after });
    const numbersOf = (built: readonly Delivery[]) => built.map(({ eventId }) => Number(eventId.slice(4)));

    describe('a reader of deliveries', () => {
      test('gives every field back as it was kept', async () => {
        const full = delivery(Number.MAX_SAFE_INTEGER - 1, {
          name: 'credential.expiring',
          body: JSON.stringify({ type: 'x', data: `O'Brien "says" \\ \n 行政 🗝️ \0 \ud800` }),
          status: 'dead',
          since: Date.UTC(2286, 10, 21),
          attempts: 42,
          nextAt: Date.UTC(2286, 10, 22),
          lastAttemptAt: Date.UTC(2286, 10, 23),
          lastResult: `503 "Nicht verfügbar"`,
        });
        const bare = delivery(1);
        await add(full, bare);
        expect(await newest()).toEqual([full, bare]);
      });

      test('sees nothing of an open unit of work', async () => {
        await run(async ({ deliveries }) => {
          await deliveries.addAll([delivery(1)]);
          expect(await newest()).toEqual([]);
          expect(await database.webhooks.dueDeliveries(webhook.id, NEW_YEAR, 5)).toEqual([]);
        });
        expect(await newest()).toHaveLength(1);
      });

      test('gives what waits and is due, the longest due first, then the oldest event', async () => {
        await add(
          delivery(9, { nextAt: NEW_YEAR + 1 }),
          delivery(10, { nextAt: NEW_YEAR }),
          delivery(2, { nextAt: NEW_YEAR + 1 }),
          delivery(3, { nextAt: NEW_YEAR + 2 }),
          delivery(4, { nextAt: NEW_YEAR, status: 'delivered' }),
          delivery(5, { nextAt: NEW_YEAR, status: 'dead' }),
          aDelivery({ webhookId: other.id, eventId: event(1) }),
        );
        const due = async (now: number, limit: number) =>
          numbersOf(await database.webhooks.dueDeliveries(webhook.id, now, limit));
        expect(await due(NEW_YEAR - 1, 9)).toEqual([]);
        expect(await due(NEW_YEAR + 1, 9)).toEqual([10, 2, 9]);
        expect(await due(NEW_YEAR + 1, 2)).toEqual([10, 2]);
        expect(await due(NEW_YEAR + 2, 9)).toEqual([10, 2, 9, 3]);
      });

      test('lists the newest event first, of one status or all, page by page', async () => {
        // Numbers of one, two and three digits: as texts they would have another order.
        for (const [status, numbers] of [
          ['waiting', [8, 11, 101]],
          ['dead', [9, 99]],
          ['delivered', [10, 100]],
        ] as const)
          await add(...numbers.map((number) => delivery(number, { status })));
        await add(aDelivery({ webhookId: other.id, eventId: event(50) }));
        expect(numbersOf(await newest())).toEqual([101, 100, 99, 11, 10, 9, 8]);
        expect(numbersOf(await newest('waiting'))).toEqual([101, 11, 8]);
        expect(numbersOf(await newest('dead'))).toEqual([99, 9]);
        expect(numbersOf(await newest('delivered'))).toEqual([100, 10]);
        expect(numbersOf(await newest(undefined, 3))).toEqual([101, 100, 99]);
        expect(numbersOf(await newest(undefined, 3, event(99)))).toEqual([11, 10, 9]);
        expect(numbersOf(await newest('waiting', 1, event(101)))).toEqual([11]);
        expect(await newest(undefined, 3, event(8))).toEqual([]);
      });
    });

    describe('a store of deliveries', () => {
      test('sees its own writes, and finds a delivery by webhook and event', async () => {
        const built = delivery(7);
        await run(async ({ deliveries }) => {
          expect(await deliveries.find(webhook.id, built.eventId)).toBeNull();
          await deliveries.addAll([built]);
          expect(await deliveries.find(webhook.id, built.eventId)).toEqual(built);
          expect(await deliveries.find(other.id, built.eventId)).toBeNull();
          expect(await deliveries.nextDue(webhook.id)).toBe(built.nextAt);
        });
      });

      test.each([
        '',
        'evt_',
        'evt_x',
        'evt_1e3',
        'evt_01',
        'evt_-1',
        'evt_1.5',
        'evt_\0',
        '1',
        `evt_${'9'.repeat(30)}`,
      ])('finds nothing by a text that is no name of an event: %j', async (text) => {
        await add(delivery(1), delivery(1_000));
        const find = (id: WebhookId) => run(({ deliveries }) => deliveries.find(id, text as EventId));
        expect(await find(webhook.id)).toBeNull();
        expect(await find('nul \0 in it' as WebhookId)).toBeNull();
      });

      test('leaves one that is there already as it is, and takes none for a webhook that is gone', async () => {
        const kept = delivery(1, { status: 'delivered', attempts: 3 });
        await add(kept);
        const orphan = aDelivery({ webhookId: aWebhook().id, eventId: event(1) });
        await add(delivery(1), orphan, delivery(2), delivery(2, { attempts: 9 }));
        const listed = await newest();
        expect(listed.map(({ eventId, attempts }) => [eventId, attempts])).toEqual([
          ['evt_2', 0],
          ['evt_1', 3],
        ]);
        expect(listed[1]).toEqual(kept);
        expect(await run(({ deliveries }) => deliveries.find(orphan.webhookId, orphan.eventId))).toBeNull();
      });

      test('keeps of saved ones what attempts and replays change, and what is gone stays gone', async () => {
        const [changed, untouched] = [delivery(1), delivery(2)];
        await add(changed, untouched);
        const after: Delivery = {
          ...changed,
          status: 'dead',
          since: NEW_YEAR + 1,
          attempts: 5,
          nextAt: NEW_YEAR + 2,
          lastAttemptAt: NEW_YEAR + 3,
          lastResult: '503',
        };
        await save({ ...after, name: 'user.locked', body: '{}' }, delivery(3), aDelivery({ webhookId: aWebhook().id }));
        expect(await newest()).toEqual([untouched, after]);
        await save({ ...after, status: 'waiting', lastAttemptAt: null, lastResult: null });
        expect(await newest()).toEqual([
          untouched,
          { ...after, status: 'waiting', lastAttemptAt: null, lastResult: null },
        ]);
      });

      test('adds and saves more than one statement can name, and none at all', async () => {
        const built = Array.from({ length: 1_100 }, (_, i) => delivery(i + 1));
        await add(...built);
        await add();
        await save();
        expect(await newest()).toEqual(built.toReversed());
        const delivered = built.map((one): Delivery => ({ ...one, status: 'delivered', attempts: 1 }));
        await save(...delivered);
        expect(await newest()).toEqual(delivered.toReversed());
      });

      test('adds and saves the same ones for many at once, whoever names them in which order', async () => {
        const built = Array.from({ length: 300 }, (_, i) => delivery(i + 1));
        const inAnyOrder = (i: number) => (i % 2 ? built : built.toReversed());
        await Promise.all(Array.from({ length: 6 }, (_, i) => add(...inAnyOrder(i))));
        await Promise.all(
          Array.from({ length: 6 }, (_, i) => save(...inAnyOrder(i).map((one) => ({ ...one, attempts: i })))),
        );
        const kept = await newest();
        expect(kept).toHaveLength(300);
        expect(new Set(kept.map(({ attempts }) => attempts)).size).toBe(1);
      });

      test('goes with a webhook that is removed at the same time', async () => {
        const removing = run(({ webhooks }) => webhooks.remove(webhook, aWebhookEvent('webhook.deleted')));
        await Promise.all([removing, ...Array.from({ length: 5 }, (_, i) => add(delivery(i + 1)))]);
        expect(await newest()).toEqual([]);
      });

      test('tells when the first of those that wait is due', async () => {
        const nextDue = () => run(({ deliveries }) => deliveries.nextDue(webhook.id));
        expect(await nextDue()).toBeNull();
        await add(
          delivery(1, { nextAt: 3, status: 'delivered' }),
          delivery(2, { nextAt: 4, status: 'dead' }),
          aDelivery({ webhookId: other.id, nextAt: 5 }),
        );
        expect(await nextDue()).toBeNull();
        await add(delivery(3, { nextAt: 9 }), delivery(4, { nextAt: 6 }));
        expect(await nextDue()).toBe(6);
      });

      test('gives those of one status, the oldest event first', async () => {
        await add(...[100, 9, 10].map((number) => delivery(number, { status: 'dead' })), delivery(8));
        await add(aDelivery({ webhookId: other.id, eventId: event(7), status: 'dead' }));
        const ofStatus = async (status: DeliveryStatus, limit: number) =>
          numbersOf(await run(({ deliveries }) => deliveries.ofStatus(webhook.id, status, limit)));
        expect(await ofStatus('dead', 2)).toEqual([9, 10]);
        expect(await ofStatus('dead', 9)).toEqual([9, 10, 100]);
        expect(await ofStatus('waiting', 9)).toEqual([8]);
        expect(await ofStatus('delivered', 9)).toEqual([]);
      });

      test('removes at most that many that wait for nothing and began before that, and tells how many', async () => {
        await add(
          delivery(1, { since: 1, status: 'waiting' }),
          delivery(2, { since: 2, status: 'dead' }),
          delivery(3, { since: 3, status: 'delivered' }),
          aDelivery({ webhookId: other.id, eventId: event(4), since: 4, status: 'dead' }),
          delivery(5, { since: 5, status: 'delivered' }),
        );
        const removeSettled = (before: number, limit: number) =>
          run(({ deliveries }) => deliveries.removeSettled(before, limit));
        expect(await removeSettled(2, 9)).toBe(0);
        expect(await removeSettled(5, 2)).toBe(2);
        expect(await removeSettled(5, 2)).toBe(1);
        expect(await removeSettled(5, 2)).toBe(0);
        expect(numbersOf(await newest())).toEqual([5, 1]);
      });
    });
  });
}
