import type { AuditJson, AuditVerdict, DeliveryJson, WebhookJson } from '@claviger/application';
import { minute, table, time } from './table.js';

export function auditTable(records: readonly AuditJson[]): string {
  return table(
    ['TIME (UTC)', 'EVENT', 'BY', 'SUBJECT', 'ADDRESS'],
    records.map(({ at, name, by, subject }) => [
      second(at),
      name,
      doer(by),
      `${subject.kind} ${subject.name}`,
      by.address,
    ]),
  );
}

export function verdictTable({ intact, broken, verified, unsealed, prunedThrough, last }: AuditVerdict): string {
  return table(null, [
    ['Intact', intact ? 'yes' : 'no'],
    ['Broken at', broken && String(broken.number)],
    ['Verified', String(verified)],
    ['Not sealed', String(unsealed)],
    ['Pruned to', prunedThrough === null ? null : String(prunedThrough)],
    ['Head', last && `${last.number}:${last.hash}`],
  ]);
}

export function webhooksTable(webhooks: readonly WebhookJson[]): string {
  return table(
    ['ID', 'APP ID', 'URL', 'EVENTS', 'STATE'],
    webhooks.map((webhook) => [webhook.id, webhook.appId, webhook.url, events(webhook), state(webhook)]),
  );
}

export function webhookTable(webhook: WebhookJson): string {
  return table(null, [
    ['Id', webhook.id],
    ['App id', webhook.appId],
    ['URL', webhook.url],
    ['Events', events(webhook)],
    ['Description', webhook.description],
    ['State', state(webhook)],
    ['Failures', String(webhook.failures)],
    ['Created', time(webhook.createdAt)],
    ['Changed', time(webhook.lastModifiedAt)],
    ...(webhook.secret === undefined ? [] : [['Secret', webhook.secret]]),
  ]);
}

export function deliveriesTable(deliveries: readonly DeliveryJson[]): string {
  return table(
    ['EVENT ID', 'EVENT', 'STATUS', 'ATTEMPTS', 'LAST (UTC)', 'RESULT', 'NEXT (UTC)'],
    deliveries.map((delivery) => [
      delivery.eventId,
      delivery.type,
      delivery.status,
      String(delivery.attempts),
      delivery.lastAttemptAt && second(delivery.lastAttemptAt),
      delivery.lastResult,
      delivery.nextAttemptAt && second(delivery.nextAttemptAt),
    ]),
  );
}

function doer({ kind, userId, appId }: AuditJson['by']): string {
  if (kind === 'user') return appId === null ? String(userId) : `${userId} through ${appId}`;
  const name = userId ?? appId;
  return name === null ? kind : `${kind} ${name}`;
}

function events(webhook: WebhookJson): string {
  return webhook.events.length === 0 ? 'all' : webhook.events.join(', ');
}

function state({ enabled, restsUntil }: WebhookJson): string {
  if (!enabled) return 'disabled';
  return restsUntil === null ? 'enabled' : `rests until ${minute(restsUntil)} UTC`;
}

function second(date: string): string {
  return `${date.slice(0, 10)} ${date.slice(11, 19)}`;
}
