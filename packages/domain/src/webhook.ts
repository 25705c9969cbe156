import type { AuditRecord } from './audit.js';
import type { AccountId } from './account.js';
import type { BoxedSecret } from './boxed-secret.js';
import type { Brand } from './brand.js';
import { fieldInvalid } from './errors.js';
import { EVENT_NAMES, isEventName, type EventName } from './event-catalogue.js';
import type { AppId } from './names.js';
import { MAX_DESCRIPTION_LENGTH, parseText, parseWebAddress } from './text-rules.js';

/** The service's own name of a webhook; sorts by time of creation. */
export type WebhookId = Brand<string, 'WebhookId'>;
/** What messages are signed with, in clear: `whsec_` and base64, as the Standard Webhooks specification writes it. */
export type WebhookSecret = Brand<string, 'WebhookSecret'>;

/** An address that wants to hear what happens. */
export interface Webhook {
  readonly id: WebhookId;
  /** The account whose events it hears; null: everybody's. */
  readonly accountId: AccountId | null;
  readonly appId: AppId | null;
  readonly url: string;
  /** Empty: all of them. */
  readonly events: readonly EventName[];
  readonly description: string | null;
  readonly enabled: boolean;
  readonly secret: BoxedSecret;
  /** The one before: it signs too, until its receiver knows the new one. */
  readonly formerSecret: FormerSecret | null;
  /** How it has answered of late; written without a new version. */
  readonly health: WebhookHealth;
  /** Milliseconds since 1970, UTC; so are all times here. */
  readonly createdAt: number;
  readonly lastModifiedAt: number;
  /** Counts the writes; a save of any but the stored version is stale. */
  readonly version: number;
}

export interface FormerSecret {
  readonly secret: BoxedSecret;
  readonly until: number;
}

export interface WebhookHealth {
  /** Attempts that failed since the last one that did not; from the fifth on, those that failed together count once. */
  readonly failures: number;
  /** It is left alone until then; null: it is not. */
  readonly restsUntil: number | null;
}

/** More than anybody listens with. */
export const MAX_WEBHOOKS = 20;
/** How long the secret before signs too; milliseconds. */
export const FORMER_SECRET_SIGNS = 86_400_000;

/** What a caller states about a webhook, in plain texts. Left out or null: not given. */
export interface WebhookStatement {
  readonly url: string;
  readonly events?: readonly string[] | null | undefined;
  readonly description?: string | null | undefined;
  readonly enabled?: boolean | null | undefined;
}

/** What is stated of a webhook that is there. */
export type WebhookAmendment = { readonly [K in keyof WebhookStatement]?: WebhookStatement[K] | null | undefined };

/** A statement that has been understood. Undefined: not given. */
export interface WebhookRequest {
  readonly url: string | undefined;
  readonly events: readonly EventName[] | undefined;
  readonly description: string | null | undefined;
  readonly enabled: boolean | undefined;
}

/** @throws field_invalid naming the first field that breaks its rule. An empty description takes it away. */
export function parseWebhookStatement(given: WebhookAmendment): WebhookRequest {
  const { url, events, description, enabled } = given;
  const text = description ?? undefined;
  return {
    url: url === undefined || url === null ? undefined : parseWebAddress('url', url),
    events: events ? parseEventNames(events) : undefined,
    description: text === undefined ? undefined : parseText('description', text, MAX_DESCRIPTION_LENGTH) || null,
    enabled: enabled ?? undefined,
  };
}

/** A new webhook; unless it is stated otherwise it is enabled and hears everything. @throws field_invalid */
export function registerWebhook(
  { url, events, description, enabled }: WebhookRequest,
  made: { id: WebhookId; account: { id: AccountId; appId: AppId } | null; secret: BoxedSecret; now: number },
): Webhook {
  if (url === undefined) throw fieldInvalid('url', 'required');
  return {
    id: made.id,
    accountId: made.account?.id ?? null,
    appId: made.account?.appId ?? null,
    url,
    events: events ?? [],
    description: description ?? null,
    enabled: enabled ?? true,
    secret: made.secret,
    formerSecret: null,
    health: HEALTHY,
    createdAt: made.now,
    lastModifiedAt: made.now,
    version: 1,
  };
}

/** The webhook as the request wants it; what is left out stays. */
export function amendWebhook(webhook: Webhook, request: Partial<WebhookRequest>, now: number): Webhook {
  const { url, events, description, enabled } = request;
  return {
    ...webhook,
    url: url ?? webhook.url,
    events: events ?? webhook.events,
    description: description === undefined ? webhook.description : description,
    enabled: enabled ?? webhook.enabled,
    // Whoever sees to it wants to know at once whether it works now.
    health: HEALTHY,
    lastModifiedAt: now,
  };
}

/** The webhook under a new secret; the one before signs too for a day. */
export function rotateWebhookSecret(webhook: Webhook, secret: BoxedSecret, now: number): Webhook {
  const formerSecret = { secret: webhook.secret, until: now + FORMER_SECRET_SIGNS };
  return { ...webhook, secret, formerSecret, lastModifiedAt: now };
}

/** Whatever a message is signed with: the newest first. */
export function signingSecrets({ secret, formerSecret }: Webhook, now: number): readonly BoxedSecret[] {
  return formerSecret && formerSecret.until > now ? [secret, formerSecret.secret] : [secret];
}

export const HEALTHY: WebhookHealth = { failures: 0, restsUntil: null };

/** Whether a webhook wants to hear of a record: of its account, by its choice, and not of what was before it. */
export function wants(webhook: Webhook, record: AuditRecord): boolean {
  if (!webhook.enabled || !isEventName(record.name) || record.at < webhook.createdAt) return false;
  if (webhook.accountId !== null && accountIn(record) !== webhook.accountId) return false;
  return webhook.events.length === 0 || webhook.events.includes(record.name);
}

/** The account that a record is about, if it is about one. */
export function accountIn({ subject }: AuditRecord): string | null {
  return subject.kind === 'account' || subject.kind === 'authorization' ? subject.id : null;
}

/** Kept in the order of the catalogue, so that equal sets are equal lists. */
function parseEventNames(given: readonly string[]): readonly EventName[] {
  const unknown = given.find((name) => !isEventName(name));
  if (unknown !== undefined) throw fieldInvalid('events', 'not_event');
  return EVENT_NAMES.filter((name) => given.includes(name));
}
