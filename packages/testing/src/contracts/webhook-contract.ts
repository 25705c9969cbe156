import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AccountId, Webhook, WebhookId } from '@claviger/domain';
import { aBoxedSecret, aDelivery, anAccount, anEvent, aWebhook, aWebhookEvent } from '../builders.js';
import { NEW_YEAR } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { given, givenWebhook, type OpenEmpty } from './open-empty.js';

const NO_IDS = ['', 'no id', "'; --", 'nul \0 in it', '\ud800', 'x'.repeat(10_000)];

/** What every reader and every store of webhooks keeps. */
export function webhookContract(open: OpenEmpty): void {
  describe('webhooks', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const page = (limit: number, after: WebhookId | null = null) => ({ limit, after });
    const all = () => database.webhooks.list(undefined, page(100));
    /** A webhook of an account that is there. */
    const givenOurs = async (told: Parameters<typeof aWebhook>[0] = {}) => {
      const { id: accountId, appId } = await given(database);
      return givenWebhook(database, { accountId, appId, ...told });
    };

    describe('a reader of webhooks', () => {
      test('gives every field back as it was kept', async () => {
        const full = await givenOurs({
          url: 'https://例え.example/hooks?a=1#top',
          events: ['account.opened', 'credential.expiring'],
          description: `O'Brien "says" 行政 🗝️`,
          enabled: false,
          formerSecret: { secret: aBoxedSecret(), until: Date.UTC(2286, 10, 21) },
          health: { failures: 7, restsUntil: Date.UTC(2286, 10, 21) },
          createdAt: 1,
          lastModifiedAt: Date.UTC(2286, 10, 21),
        });
        const bare = await givenWebhook(database);
        for (const webhook of [full, bare]) expect(await database.webhooks.find(webhook.id)).toEqual(webhook);
        expect(await all()).toEqual([full, bare]);
      });

      test.each(NO_IDS)('finds nothing by a text that is no id: %j', async (text) => {
        expect(await database.webhooks.find(text as WebhookId)).toBeNull();
      });

      test('sees nothing of an open unit of work', async () => {
        const webhook = aWebhook();
        await database.unitOfWork.run(async ({ webhooks }) => {
          await webhooks.add(webhook, aWebhookEvent());
          expect(await database.webhooks.find(webhook.id)).toBeNull();
          expect(await all()).toEqual([]);
        });
        expect(await database.webhooks.find(webhook.id)).toEqual(webhook);
      });

      test('lists the webhooks of one account, or all of them, in order of creation and page by page', async () => {
        const { id: accountId, appId } = await given(database);
        const ours = { accountId, appId };
        const built = [aWebhook(ours), aWebhook(), aWebhook(ours), aWebhook(ours)];
        await database.unitOfWork.run(async ({ webhooks }) => {
          for (const webhook of built.toReversed()) await webhooks.add(webhook, aWebhookEvent());
        });
        const [first, second, third, fourth] = built;
        expect(await database.webhooks.list(undefined, page(3))).toEqual([first, second, third]);
        expect(await database.webhooks.list(undefined, page(3, third?.id))).toEqual([fourth]);
        expect(await database.webhooks.list(accountId, page(2))).toEqual([first, third]);
        expect(await database.webhooks.list(accountId, page(2, third?.id))).toEqual([fourth]);
        expect(await database.webhooks.list(anAccount().id, page(2))).toEqual([]);
      });
    });

    describe('a store of webhooks', () => {
      test('sees its own writes', async () => {
        const webhook = aWebhook();
        await database.unitOfWork.run(async ({ webhooks }) => {
          expect(await webhooks.find(webhook.id)).toBeNull();
          await webhooks.add(webhook, aWebhookEvent());
          expect(await webhooks.find(webhook.id)).toEqual(webhook);
          expect(await webhooks.listening([])).toEqual([webhook]);
          await webhooks.save({ ...webhook, enabled: false }, aWebhookEvent('webhook.amended'));
          const saved = { ...webhook, enabled: false, version: 2 };
          expect(await webhooks.find(webhook.id)).toEqual(saved);
          expect(await webhooks.listening([])).toEqual([]);
          await webhooks.remove(saved, aWebhookEvent('webhook.deleted'));
          expect(await webhooks.find(webhook.id)).toBeNull();
        });
      });

      test.each(NO_IDS)('finds nothing by a text that is no id: %j', async (text) => {
        expect(await database.unitOfWork.run(({ webhooks }) => webhooks.find(text as WebhookId))).toBeNull();
      });

      test('gives those that are enabled and hear of one of these accounts, or of everything', async () => {
        const [ours, , everybodys] = [await givenOurs(), await givenOurs(), await givenWebhook(database)];
        await givenWebhook(database, { enabled: false });
        const listening = (ids: readonly string[]) =>
          database.unitOfWork.run(({ webhooks }) => webhooks.listening(ids));
        expect(await listening([String(ours.accountId), 'nobody'])).toEqual([ours, everybodys]);
        expect(await listening([])).toEqual([everybodys]);
      });

      test('counts the webhooks of one account, or of none', async () => {
        const { accountId } = await givenOurs();
        await givenOurs();
        for (let i = 0; i < 3; i++) await givenWebhook(database, { enabled: false });
        await database.unitOfWork.run(async ({ webhooks }) => {
          expect(await webhooks.count(accountId)).toBe(1);
          expect(await webhooks.count(null)).toBe(3);
          expect(await webhooks.count(anAccount().id)).toBe(0);
        });
      });

      test('keeps their number true until the unit ends: of many who add at once, none adds one too many', async () => {
        const { id: accountId, appId } = await given(database);
        for (const owned of [{ accountId, appId }, {}]) {
          const add = () =>
            database.unitOfWork.run(async ({ webhooks }) => {
              const webhook = aWebhook(owned);
              if ((await webhooks.count(webhook.accountId)) < 3) await webhooks.add(webhook, aWebhookEvent());
            });
          await Promise.all(Array.from({ length: 8 }, add));
        }
        expect(await countIn(database, accountId)).toBe(3);
        expect(await countIn(database, null)).toBe(3);
      });

      test('keeps their number true until the unit ends: of two who remove at once, none removes the last', async () => {
        const { id: accountId, appId } = await given(database);
        for (let round = 0; round < 5; round++) {
          const two = [
            await givenWebhook(database, { accountId, appId }),
            await givenWebhook(database, { accountId, appId }),
          ];
          const remove = (webhook: Webhook) =>
            database.unitOfWork.run(async ({ webhooks }) => {
              if ((await webhooks.count(accountId)) > 1) await webhooks.remove(webhook, aWebhookEvent());
            });
          await Promise.all(two.map(remove));
          expect(await countIn(database, accountId)).toBe(1);
          for (const last of await database.webhooks.list(accountId, page(2)))
            await database.unitOfWork.run(({ webhooks }) => webhooks.remove(last, aWebhookEvent()));
        }
      });

      test('refuses a webhook of an account that is gone', async () => {
        const adding = givenWebhook(database, { accountId: anAccount().id });
        await expect(adding).rejects.toMatchObject({ code: 'write_was_stale' });
        expect(await all()).toEqual([]);
      });

      test('saves a webhook with its version counted up, and its deliveries stay', async () => {
        const webhook = await givenOurs({ formerSecret: { secret: aBoxedSecret(), until: 5 } });
        const delivery = aDelivery({ webhookId: webhook.id });
        await database.unitOfWork.run(({ deliveries }) => deliveries.addAll([delivery]));
        const wanted: Webhook = {
          ...webhook,
          url: 'https://other.example/',
          events: ['user.locked'],
          description: 'Other',
          enabled: false,
          secret: aBoxedSecret(),
          formerSecret: null,
          health: { failures: 2, restsUntil: NEW_YEAR },
          lastModifiedAt: NEW_YEAR + 5,
        };
        await database.unitOfWork.run(({ webhooks }) => webhooks.save(wanted, aWebhookEvent('webhook.amended')));
        expect(await database.webhooks.find(webhook.id)).toEqual({ ...wanted, version: 2 });
        const rotated = { ...wanted, version: 2, formerSecret: { secret: webhook.secret, until: 9 } };
        await database.unitOfWork.run(({ webhooks }) => webhooks.save(rotated, aWebhookEvent()));
        expect(await database.webhooks.find(webhook.id)).toEqual({ ...rotated, version: 3 });
        expect(await deliveriesOf(database, webhook)).toEqual([delivery]);
      });

      test('refuses to save or remove any but the stored version, and what is gone', async () => {
        const webhook = await givenWebhook(database);
        const run = (what: 'save' | 'remove', version: number) =>
          database.unitOfWork.run(({ webhooks }) => webhooks[what]({ ...webhook, version }, aWebhookEvent()));
        await run('save', 1);
        for (const what of ['save', 'remove'] as const)
          for (const version of [1, 3])
            await expect(run(what, version)).rejects.toMatchObject({ code: 'write_was_stale' });
        await run('remove', 2);
        for (const what of ['save', 'remove'] as const)
          await expect(run(what, 2)).rejects.toMatchObject({ code: 'write_was_stale' });
      });

      test('notes how a webhook has answered without a new version, and nothing of one that is gone', async () => {
        const [webhook, other] = [await givenWebhook(database), await givenWebhook(database)];
        const note = (id: WebhookId, health: Webhook['health']) =>
          database.unitOfWork.run(({ webhooks }) => webhooks.noteHealth(id, health));
        await note(webhook.id, { failures: 5, restsUntil: NEW_YEAR });
        await note(aWebhook().id, { failures: 5, restsUntil: NEW_YEAR });
        expect(await all()).toEqual([{ ...webhook, health: { failures: 5, restsUntil: NEW_YEAR } }, other]);
        await note(webhook.id, { failures: 0, restsUntil: null });
        expect(await all()).toEqual([webhook, other]);
      });

      test('removes a webhook with its deliveries, and of others nothing', async () => {
        const [leaving, staying] = [await givenWebhook(database), await givenWebhook(database)];
        const [gone, kept] = [aDelivery({ webhookId: leaving.id }), aDelivery({ webhookId: staying.id })];
        await database.unitOfWork.run(({ deliveries }) => deliveries.addAll([gone, kept]));
        await database.unitOfWork.run(({ webhooks }) => webhooks.remove(leaving, aWebhookEvent('webhook.deleted')));
        expect(await all()).toEqual([staying]);
        expect(await deliveriesOf(database, leaving)).toEqual([]);
        expect(await deliveriesOf(database, staying)).toEqual([kept]);
      });

      test('loses the webhooks of an account that is removed with their deliveries, and no others', async () => {
        const account = await given(database);
        const leaving = await givenWebhook(database, { accountId: account.id, appId: account.appId });
        const staying = [await givenOurs(), await givenWebhook(database)];
        await database.unitOfWork.run(({ deliveries }) => deliveries.addAll([aDelivery({ webhookId: leaving.id })]));
        await database.unitOfWork.run(({ accounts }) => accounts.remove(account, anEvent('account.deleted')));
        expect(await all()).toEqual(staying);
        expect(await deliveriesOf(database, leaving)).toEqual([]);
      });
    });
  });
}

function countIn(database: Database, accountId: AccountId | null): Promise<number> {
  return database.unitOfWork.run(({ webhooks }) => webhooks.count(accountId));
}

function deliveriesOf(database: Database, { id }: Webhook) {
  return database.webhooks.listDeliveries(id, undefined, { limit: 100, after: null });
}
