import {
  PlatformError,
  type AccountId,
  type Delivery,
  type DeliveryStore,
  type EventId,
  type Subject,
  type Webhook,
  type WebhookId,
  type WebhookReader,
  type WebhookStore,
} from '@claviger/domain';
import { keep, type MemoryState } from './memory-state.js';

export function memoryWebhookReader(state: () => MemoryState): WebhookReader {
  return {
    find: async (id) => state().webhooks.get(id) ?? null,
    list: async (accountId, page) =>
      [...state().webhooks.values()]
        .filter((webhook) => accountId === undefined || webhook.accountId === accountId)
        .filter(({ id }) => page.after === null || id > page.after)
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, page.limit),
    dueDeliveries: async (id, now, limit) =>
      deliveriesOf(state(), id)
        .filter(({ status, nextAt }) => status === 'waiting' && nextAt <= now)
        .toSorted((one, other) => one.nextAt - other.nextAt || numberOf(one.eventId) - numberOf(other.eventId))
        .slice(0, limit),
    listDeliveries: async (id, status, page) =>
      deliveriesOf(state(), id)
        .filter((delivery) => status === undefined || delivery.status === status)
        .filter(({ eventId }) => page.after === null || numberOf(eventId) < numberOf(page.after))
        .toSorted((one, other) => numberOf(other.eventId) - numberOf(one.eventId))
        .slice(0, page.limit),
  };
}

export function memoryWebhookStore(state: MemoryState): WebhookStore {
  return {
    find: async (id) => state.webhooks.get(id) ?? null,
    listening: async (accountIds) =>
      [...state.webhooks.values()].filter(
        ({ enabled, accountId }) => enabled && (accountId === null || accountIds.includes(accountId)),
      ),
    count: async (accountId) => [...state.webhooks.values()].filter((kept) => kept.accountId === accountId).length,
    add: async (webhook, because) => {
      if (webhook.accountId !== null && !state.accounts.has(webhook.accountId))
        throw new PlatformError('write_was_stale');
      state.webhooks.set(webhook.id, webhook);
      keep(state, subjectOf(webhook), because);
    },
    save: async (webhook, because) => {
      demandFresh(state, webhook);
      state.webhooks.set(webhook.id, { ...webhook, version: webhook.version + 1 });
      keep(state, subjectOf(webhook), because);
    },
    remove: async (webhook, because) => {
      demandFresh(state, webhook);
      removeWebhook(state, webhook.id);
      keep(state, subjectOf(webhook), because);
    },
    noteHealth: async (id, health) => {
      const webhook = state.webhooks.get(id);
      if (webhook) state.webhooks.set(id, { ...webhook, health });
    },
  };
}

export function memoryDeliveryStore(state: MemoryState): DeliveryStore {
  return {
    find: async (id, eventId) => state.deliveries.get(keyOf(id, eventId)) ?? null,
    addAll: async (deliveries) => {
      for (const delivery of deliveries) {
        const key = keyOf(delivery.webhookId, delivery.eventId);
        if (state.webhooks.has(delivery.webhookId) && !state.deliveries.has(key)) state.deliveries.set(key, delivery);
      }
    },
    saveAll: async (deliveries) => {
      for (const delivery of deliveries) {
        const key = keyOf(delivery.webhookId, delivery.eventId);
        const kept = state.deliveries.get(key);
        if (kept) state.deliveries.set(key, { ...delivery, name: kept.name, body: kept.body });
      }
    },
    nextDue: async (id) => {
      const times = deliveriesOf(state, id).flatMap(({ status, nextAt }) => (status === 'waiting' ? [nextAt] : []));
      return times.length === 0 ? null : Math.min(...times);
    },
    ofStatus: async (id, status, limit) =>
      deliveriesOf(state, id)
        .filter((delivery) => delivery.status === status)
        .toSorted((one, other) => numberOf(one.eventId) - numberOf(other.eventId))
        .slice(0, limit),
    removeSettled: async (before, limit) => {
      const settled = [...state.deliveries]
        .filter(([, { status, since }]) => status !== 'waiting' && since < before)
        .slice(0, limit);
      for (const [key] of settled) state.deliveries.delete(key);
      return settled.length;
    },
  };
}

export function removeWebhooksOf(state: MemoryState, accountId: AccountId): void {
  for (const webhook of state.webhooks.values()) if (webhook.accountId === accountId) removeWebhook(state, webhook.id);
}

function removeWebhook(state: MemoryState, id: WebhookId): void {
  state.webhooks.delete(id);
  for (const [key, delivery] of state.deliveries) if (delivery.webhookId === id) state.deliveries.delete(key);
}

function deliveriesOf(state: MemoryState, id: WebhookId): readonly Delivery[] {
  return [...state.deliveries.values()].filter(({ webhookId }) => webhookId === id);
}

function numberOf(eventId: EventId): number {
  return Number(eventId.slice('evt_'.length));
}

function keyOf(id: WebhookId, eventId: EventId): string {
  return `${id} ${eventId}`;
}

function subjectOf({ id, appId }: Webhook): Subject {
  return { kind: 'webhook', id, name: appId ?? id };
}

function demandFresh(state: MemoryState, webhook: Webhook): void {
  if (state.webhooks.get(webhook.id)?.version !== webhook.version) throw new PlatformError('write_was_stale');
}
