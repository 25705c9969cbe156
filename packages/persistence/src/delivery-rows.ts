import type { Delivery, DeliveryStatus, EventId } from '@claviger/domain';
import type { Row } from './engine.js';

/** A row of the table `deliveries` as the drivers give it: PostgreSQL's long numbers are texts. */
export function toDelivery(row: Row): Delivery {
  return {
    webhookId: row['webhook_id'] as Delivery['webhookId'],
    eventId: `evt_${String(row['event'])}` as EventId,
    name: row['name'] as Delivery['name'],
    body: row['body'] as string,
    status: row['status'] as DeliveryStatus,
    since: Number(row['since']),
    attempts: Number(row['attempts']),
    nextAt: Number(row['next_at']),
    lastAttemptAt: row['last_attempt_at'] === null ? null : Number(row['last_attempt_at']),
    lastResult: row['last_result'] as string | null,
  };
}

export function fromDelivery(delivery: Delivery): Row {
  return {
    webhook_id: delivery.webhookId,
    event: eventNumber(delivery.eventId),
    name: delivery.name,
    body: delivery.body,
    status: delivery.status,
    since: delivery.since,
    attempts: delivery.attempts,
    next_at: delivery.nextAt,
    last_attempt_at: delivery.lastAttemptAt,
    last_result: delivery.lastResult,
  };
}

/** The number of the record that an event's name stands for; null for what is no such name. */
export function eventNumber(eventId: EventId): number | null {
  const digits = /^evt_([1-9]\d{0,15})$/.exec(eventId)?.[1];
  const number = Number(digits);
  return digits !== undefined && Number.isSafeInteger(number) ? number : null;
}

/** Written out and not passed as a parameter: only so do both databases see that a partial index fits. */
export function hasStatus(status: DeliveryStatus): string {
  return { waiting: "status = 'waiting'", delivered: "status = 'delivered'", dead: "status = 'dead'" }[status];
}
