import type { AuditRecord } from './audit.js';
import type { Brand } from './brand.js';
import type { EventName } from './event-catalogue.js';
import type { Webhook, WebhookHealth, WebhookId } from './webhook.js';

/** The name of an event in every attempt to deliver it, to whomever: `evt_` and the number of its record. */
export type EventId = Brand<string, 'EventId'>;

export const DELIVERY_STATUSES = ['waiting', 'delivered', 'dead'] as const;
/** `dead`: it was tried for as long as is configured, and never taken. */
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event on its way to one webhook. */
export interface Delivery {
  readonly webhookId: WebhookId;
  readonly eventId: EventId;
  readonly name: EventName;
  /** What is sent: JSON, the same at every attempt. */
  readonly body: string;
  readonly status: DeliveryStatus;
  /** Milliseconds since 1970, UTC; so are all times here. When the trying began. */
  readonly since: number;
  readonly attempts: number;
  /** When it is due, while it waits. */
  readonly nextAt: number;
  readonly lastAttemptAt: number | null;
  /** How the last attempt ended, in few words; never what the receiver wrote. */
  readonly lastResult: string | null;
}

/** How an attempt ended. */
export type Outcome =
  | { readonly delivered: true; readonly result: string }
  | {
      readonly delivered: false;
      readonly result: string;
      /** The receiver wants to hear nothing more (410). */
      readonly gone: boolean;
      /** Milliseconds that the receiver asks to be left alone for; null: it does not. */
      readonly retryAfter: number | null;
    };

/** When to try again, and when to give up. */
export interface RetryRules {
  /** How long an event is tried for; milliseconds. */
  readonly retryFor: number;
  /** From 0 to below 1, by chance: spreads what failed together. */
  readonly chance: number;
  readonly now: number;
}

const [SECOND, MINUTE, HOUR] = [1000, 60_000, 3_600_000];
/** Milliseconds between attempts: soon at first, for most troubles are short; then rarer and rarer, by the last. */
export const RETRY_PAUSES: readonly number[] = [
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  30 * MINUTE,
  HOUR,
  2 * HOUR,
  4 * HOUR,
  8 * HOUR,
];
/** Failures in a row after which a webhook is left alone instead of being tried with every event. */
export const RESTS_AFTER = 5;

/** An event as it will be sent to one webhook. */
export function deliveryOf(webhook: Pick<Webhook, 'id'>, record: AuditRecord, now: number): Delivery {
  return {
    webhookId: webhook.id,
    eventId: eventIdOf(record),
    name: record.name as EventName,
    body: webhookMessage(record),
    status: 'waiting',
    since: now,
    attempts: 0,
    nextAt: now,
    lastAttemptAt: null,
    lastResult: null,
  };
}

export function eventIdOf({ id }: Pick<AuditRecord, 'id'>): EventId {
  return `evt_${id}` as EventId;
}

/** What webhooks are told: what happened to what and by whom, and no secret, address or trace. */
export function webhookMessage({ name, at, by, subject, details }: AuditRecord): string {
  const data = {
    subject,
    ...details,
    ...('expiresAt' in details && { expiresAt: new Date(Number(details['expiresAt'])).toISOString() }),
    by: { kind: by.kind, userId: by.userId, appId: by.appId },
  };
  return JSON.stringify({ type: name, timestamp: new Date(at).toISOString(), data });
}

/** The delivery after an attempt. */
export function afterAttempt(delivery: Delivery, outcome: Outcome, rules: RetryRules): Delivery {
  const { now, retryFor } = rules;
  const tried = { ...delivery, attempts: delivery.attempts + 1, lastAttemptAt: now, lastResult: outcome.result };
  if (outcome.delivered) return { ...tried, status: 'delivered' };
  const nextAt = now + Math.max(pauseAfter(tried.attempts, rules.chance), outcome.retryAfter ?? 0);
  if (outcome.gone || nextAt > delivery.since + retryFor) return { ...tried, status: 'dead' };
  return { ...tried, nextAt };
}

/** A delivery that waited for as long as it may be tried, while its webhook was left alone; else null. */
export function givenUp(delivery: Delivery, { now, retryFor }: Pick<RetryRules, 'now' | 'retryFor'>): Delivery | null {
  const over = delivery.status === 'waiting' && delivery.since + retryFor < now;
  return over ? { ...delivery, status: 'dead' } : null;
}

/** Tried anew from now on, as if for the first time, under the same name. */
export function replay(delivery: Delivery, now: number): Delivery {
  return { ...delivery, status: 'waiting', since: now, attempts: 0, nextAt: now };
}

/**
 * What is known of a webhook after attempts that ended so, in that order. From the fifth failure on, what failed
 * together counts once: hours of rest are for what has long been dead, not for what missed many events in one second.
 */
export function healthAfter(before: WebhookHealth, outcomes: readonly Outcome[], rules: RetryRules): WebhookHealth {
  if (outcomes.length === 0) return before;
  const failed = outcomes.slice(outcomes.findLastIndex(({ delivered }) => delivered) + 1);
  const known = failed.length < outcomes.length ? 0 : before.failures;
  const failures = Math.min(known + failed.length, Math.max(RESTS_AFTER, known + 1));
  const rest = failures < RESTS_AFTER ? 0 : pauseAfter(failures - RESTS_AFTER + 1, rules.chance);
  const wait = Math.max(rest, ...failed.map((outcome) => (outcome.delivered ? 0 : (outcome.retryAfter ?? 0))));
  return { failures, restsUntil: wait === 0 ? null : rules.now + wait };
}

/** @param count of what failed so far @param chance 0 to 1: a tenth less to a tenth more */
function pauseAfter(count: number, chance: number): number {
  const pause = RETRY_PAUSES[Math.min(count, RETRY_PAUSES.length) - 1] ?? RETRY_PAUSES[0] ?? 0;
  return Math.round(pause * (0.9 + chance * 0.2));
}
