import type { AccountId } from './account.js';
import type { Delivery, DeliveryStatus, EventId, Outcome } from './delivery.js';
import type { WebhookEvent } from './events.js';
import type { Page } from './page.js';
import type { Webhook, WebhookHealth, WebhookId, WebhookSecret } from './webhook.js';

/** Sees what is committed and nothing of an open unit of work. */
export interface WebhookReader {
  find(id: WebhookId): Promise<Webhook | null>;
  /** In order of creation; of one account, or of all and none when undefined. */
  list(accountId: AccountId | undefined, page: Page<WebhookId>): Promise<readonly Webhook[]>;
  /** At most `limit` that wait and are due then, the longest due first. */
  dueDeliveries(id: WebhookId, now: number, limit: number): Promise<readonly Delivery[]>;
  /** The newest event first; `after` is the last one of the page before. */
  listDeliveries(id: WebhookId, status: DeliveryStatus | undefined, page: Page<EventId>): Promise<readonly Delivery[]>;
}

/** Part of a unit of work. An account that is removed takes its webhooks with it, and a webhook its deliveries. */
export interface WebhookStore {
  find(id: WebhookId): Promise<Webhook | null>;
  /** Those that are enabled and hear of one of these accounts, or of everything. */
  listening(accountIds: readonly string[]): Promise<readonly Webhook[]>;
  /** Of one account, or of none. Their number stays true until the unit ends. */
  count(accountId: AccountId | null): Promise<number>;
  /** @throws write_was_stale when its account is gone */
  add(webhook: Webhook, because: WebhookEvent): Promise<void>;
  /** Stores the webhook with its version counted up. @throws write_was_stale */
  save(webhook: Webhook, because: WebhookEvent): Promise<void>;
  /** @throws write_was_stale */
  remove(webhook: Webhook, because: WebhookEvent): Promise<void>;
  /** Without a new version; of a webhook that is gone there is nothing to note. */
  noteHealth(id: WebhookId, health: WebhookHealth): Promise<void>;
}

/** Part of a unit of work. */
export interface DeliveryStore {
  find(id: WebhookId, eventId: EventId): Promise<Delivery | null>;
  /** One that is there already stays as it is; one whose webhook is gone is none. */
  addAll(deliveries: readonly Delivery[]): Promise<void>;
  /** Keeps what changes of deliveries by attempts and replays; one that is gone stays gone. */
  saveAll(deliveries: readonly Delivery[]): Promise<void>;
  /** When the first of those that wait is due; milliseconds since 1970; null when none waits. */
  nextDue(id: WebhookId): Promise<number | null>;
  /** At most `limit` of that status, the oldest event first. */
  ofStatus(id: WebhookId, status: DeliveryStatus, limit: number): Promise<readonly Delivery[]>;
  /** Removes at most `limit` that wait for nothing and began before that, and tells how many. */
  removeSettled(before: number, limit: number): Promise<number>;
}

/** A message on its way out. */
export interface OutgoingMessage {
  readonly url: string;
  readonly id: EventId;
  /** When it is sent; milliseconds since 1970. */
  readonly at: number;
  readonly body: string;
  /** It is signed with each of them. */
  readonly secrets: readonly WebhookSecret[];
}

export interface Messenger {
  /** Tries once, and always tells how it ended: never follows a redirect, and never reaches an address that is not allowed. */
  send(message: OutgoingMessage): Promise<Outcome>;
}
