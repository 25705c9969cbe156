import {
  demandActor,
  demandAdmin,
  demandManaged,
  DELIVERY_STATUSES,
  fieldInvalid,
  parseAppId,
  parseOne,
  type Caller,
  type Delivery,
  type EventId,
  type Webhook,
  type WebhookId,
} from '@claviger/domain';
import { MAX_LIST_LIMIT } from '../accounts/list-accounts.js';
import type { Ports } from '../ports.js';
import { demandManagedWebhook } from './managed-webhook.js';

type Reading = Pick<Ports, 'accounts' | 'webhooks'>;

/** The webhooks of one account, for its owner; of all and of none when no appId is given, for admins. In order of creation. */
export const listWebhooks =
  ({ accounts, webhooks }: Reading) =>
  async (caller: Caller, given: { appId?: string | undefined } = {}): Promise<AsyncIterable<Webhook>> => {
    if (given.appId === undefined) {
      demandAdmin(caller);
      return all(webhooks, undefined);
    }
    const appId = parseAppId(given.appId);
    const account = demandManaged(demandActor(caller), await accounts.find(appId));
    return all(webhooks, account.id);
  };

/** @throws webhook_missing */
export const showWebhook =
  (ports: Reading) =>
  async (caller: Caller, given: { id: string }): Promise<Webhook> =>
    demandManagedWebhook(demandActor(caller), ports, given.id);

export interface DeliveryQuery {
  /** The webhook. */
  readonly id: string;
  readonly status?: string | undefined;
  /** 1 to {@link MAX_LIST_LIMIT}; left out: 100. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
}

export interface DeliveryList {
  /** The newest event first. */
  readonly deliveries: readonly Delivery[];
  /** The cursor of the next page; null when there is none. */
  readonly next: EventId | null;
}

const USUAL_LIMIT = 100;

/** What was sent to a webhook, is on its way, or never arrived. @throws field_invalid, webhook_missing */
export const listDeliveries =
  (ports: Reading) =>
  async (caller: Caller, { id, limit = USUAL_LIMIT, cursor, ...given }: DeliveryQuery): Promise<DeliveryList> => {
    const status = given.status === undefined ? undefined : parseOne('status', DELIVERY_STATUSES, given.status);
    if (!(Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIST_LIMIT))
      throw fieldInvalid('limit', 'not_whole_number', { min: 1, max: MAX_LIST_LIMIT });
    if (cursor !== undefined && !/^evt_[1-9]\d{0,14}$/.test(cursor)) throw fieldInvalid('cursor', 'not_cursor');
    const webhook = await demandManagedWebhook(demandActor(caller), ports, id);
    const after = (cursor ?? null) as EventId | null;
    const found = await ports.webhooks.listDeliveries(webhook.id, status, { limit: limit + 1, after });
    const deliveries = found.slice(0, limit);
    return { deliveries, next: found.length > limit ? (deliveries.at(-1)?.eventId ?? null) : null };
  };

/** How many webhooks are in memory at once while all of them are told. */
const CHUNK = 500;

async function* all(webhooks: Ports['webhooks'], accountId: Webhook['accountId'] | undefined): AsyncGenerator<Webhook> {
  for (let after: WebhookId | null = null; ;) {
    const chunk: readonly Webhook[] = await webhooks.list(accountId ?? undefined, { limit: CHUNK, after });
    yield* chunk;
    after = chunk.at(-1)?.id ?? null;
    if (chunk.length < CHUNK) return;
  }
}
