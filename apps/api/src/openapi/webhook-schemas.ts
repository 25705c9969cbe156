import type { DeliveryJson, WebhookJson } from '@claviger/application';
import { DELIVERY_STATUSES, EVENT_NAMES, MAX_DESCRIPTION_LENGTH, MAX_URL_LENGTH } from '@claviger/domain';
import { APP_ID, DATE, orNull, setOf, type Schemas } from './parts.js';

const URL = { type: 'string', format: 'uri', maxLength: MAX_URL_LENGTH } as const;
const EVENTS = setOf(EVENT_NAMES);
const DESCRIPTION = orNull({ maxLength: MAX_DESCRIPTION_LENGTH });

const webhook: WebhookJson = {
  id: '019c0000-0000-7000-8000-000000000004',
  appId: 'bkdevops',
  url: 'https://hooks.example/claviger',
  events: ['credential.expiring', 'credential.rotated'],
  description: 'Tells the people on duty',
  enabled: true,
  failures: 0,
  restsUntil: null,
  createdAt: '2026-01-31T08:15:30.365Z',
  lastModifiedAt: '2026-01-31T08:15:30.365Z',
};
export const EXAMPLE_WEBHOOK = webhook;
export const EXAMPLE_NEW_WEBHOOK = { ...webhook, secret: 'whsec_RVhBTVBMRXNlY3JldEVYQU1QTEVzZWNyZXRFWEFNUEw=' };
export const EXAMPLE_WEBHOOK_STATEMENT = {
  appId: webhook.appId,
  url: webhook.url,
  events: webhook.events,
  description: webhook.description,
};

const delivery: DeliveryJson = {
  eventId: 'evt_41',
  type: 'credential.expiring',
  status: 'waiting',
  attempts: 1,
  nextAttemptAt: '2026-01-31T08:15:36.001Z',
  lastAttemptAt: '2026-01-31T08:15:31.120Z',
  lastResult: '503',
};
export const EXAMPLE_DELIVERY = delivery;

const STATEMENT = {
  url: { ...URL, description: 'Where messages are posted to.' },
  events: { ...EVENTS, type: ['array', 'null'], description: 'Those to hear of; empty: all of them.' },
  description: DESCRIPTION,
  enabled: { type: ['boolean', 'null'], description: 'Left out of a new one: true.' },
};

export const WEBHOOK_SCHEMAS = {
  NewWebhook: {
    type: 'object',
    required: ['url'],
    properties: {
      appId: { ...APP_ID, type: ['string', 'null'], description: 'Whose events; left out: everybody’s, for admins.' },
      ...STATEMENT,
    },
    examples: [EXAMPLE_WEBHOOK_STATEMENT],
  },
  WebhookAmendment: {
    type: 'object',
    description: 'What is left out, or null, stays as it is.',
    properties: { ...STATEMENT, url: { ...URL, type: ['string', 'null'] } },
    examples: [{ enabled: false }],
  },
  Webhook: {
    type: 'object',
    required: Object.keys(webhook),
    properties: {
      id: { type: 'string' },
      appId: { ...APP_ID, type: ['string', 'null'], description: 'Null: it hears of everybody.' },
      url: URL,
      events: { ...EVENTS, description: 'Empty: all of them.' },
      description: DESCRIPTION,
      enabled: { type: 'boolean' },
      secret: {
        type: 'string',
        pattern: '^whsec_[0-9A-Za-z+/]+=*$',
        description: 'Messages are signed with it. Only in the answer that made it.',
      },
      failures: { type: 'integer', minimum: 0, description: 'Attempts that failed since the last one that did not.' },
      restsUntil: orNull({ format: 'date-time', description: 'It is left alone until then; null: it is not.' }),
      createdAt: DATE,
      lastModifiedAt: DATE,
    },
    examples: [EXAMPLE_WEBHOOK],
  },
  WebhookTest: {
    type: 'object',
    required: ['delivered', 'result'],
    properties: {
      delivered: { type: 'boolean' },
      result: { type: 'string', description: 'A status, or what went wrong; never what the receiver wrote.' },
    },
    examples: [{ delivered: true, result: '204' }],
  },
  Delivery: {
    type: 'object',
    required: Object.keys(delivery),
    properties: {
      eventId: { type: 'string', pattern: '^evt_[0-9]+$', description: 'The `webhook-id` of the message.' },
      type: { type: 'string', enum: [...EVENT_NAMES] },
      status: {
        type: 'string',
        enum: [...DELIVERY_STATUSES],
        description: '`dead`: it was tried for as long as is configured, and never taken.',
      },
      attempts: { type: 'integer', minimum: 0 },
      nextAttemptAt: orNull({ format: 'date-time', description: 'Null: it is not tried again.' }),
      lastAttemptAt: orNull({ format: 'date-time' }),
      lastResult: orNull({ description: 'A status, or what went wrong.' }),
    },
    examples: [EXAMPLE_DELIVERY],
  },
} as const satisfies Schemas;
