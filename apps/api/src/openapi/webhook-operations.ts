import { MAX_LIST_LIMIT } from '@claviger/application';
import { DELIVERY_STATUSES, type ErrorCode } from '@claviger/domain';
import type { DeliveriesController } from '../webhooks/deliveries.controller.js';
import type { WebhooksController } from '../webhooks/webhooks.controller.js';
import { NEXT_LINK, TRUE, type Described } from './operations.js';
import { APP_ID } from './parts.js';
import { ref } from './schemas.js';
import {
  EXAMPLE_DELIVERY,
  EXAMPLE_NEW_WEBHOOK,
  EXAMPLE_WEBHOOK,
  EXAMPLE_WEBHOOK_STATEMENT,
} from './webhook-schemas.js';

const CHANGED: readonly ErrorCode[] = ['webhook_missing', 'write_was_stale'];

export const WEBHOOK_OPERATIONS: Described<WebhooksController> = {
  create: {
    id: 'create_webhook',
    summary: 'Register an address that hears what happens',
    description:
      'To one account, for its owner and admins; to everybody when no appId is given, for admins. The only answer with its secret.',
    status: 201,
    body: { schema: ref('NewWebhook'), example: EXAMPLE_WEBHOOK_STATEMENT },
    data: ref('Webhook'),
    example: EXAMPLE_NEW_WEBHOOK,
    refuses: ['field_invalid', 'user_not_allowed', 'account_missing', 'too_many_webhooks', 'write_was_stale'],
  },
  list: {
    id: 'list_webhook',
    summary: 'The webhooks of an account, oldest first',
    description: 'Without an appId all webhooks, for admins.',
    query: { appId: { schema: APP_ID, description: 'The account, in any letter case.' } },
    data: { type: 'array', items: ref('Webhook') },
    example: [EXAMPLE_WEBHOOK],
    refuses: ['field_invalid', 'user_not_allowed', 'account_missing'],
  },
  detail: {
    id: 'show_webhook',
    summary: 'One webhook, and how it has answered of late',
    data: ref('Webhook'),
    example: EXAMPLE_WEBHOOK,
    refuses: ['webhook_missing'],
  },
  update: {
    id: 'update_webhook',
    summary: 'Amend a webhook',
    description: 'Its rest, if it had one, is over.',
    body: { schema: ref('WebhookAmendment'), example: { enabled: false } },
    data: ref('Webhook'),
    example: { ...EXAMPLE_WEBHOOK, enabled: false },
    refuses: ['field_invalid', ...CHANGED],
  },
  delete: {
    id: 'delete_webhook',
    summary: 'Delete a webhook',
    description: 'With its deliveries.',
    data: TRUE,
    example: true,
    refuses: CHANGED,
  },
  rotateSecret: {
    id: 'rotate_webhook_secret',
    summary: 'Give a webhook a new secret',
    description: 'The one before signs too for a day. The only answer with the new one.',
    data: ref('Webhook'),
    example: EXAMPLE_NEW_WEBHOOK,
    refuses: CHANGED,
  },
  test: {
    id: 'test_webhook',
    summary: 'Send a webhook one message of the type `webhook.test`',
    description: 'Once and at once, enabled or not. A message that is not taken is an answer, not an error.',
    data: ref('WebhookTest'),
    example: { delivered: true, result: '204' },
    refuses: ['webhook_missing'],
  },
};

export const DELIVERY_OPERATIONS: Described<DeliveriesController> = {
  list: {
    id: 'list_delivery',
    summary: 'What was sent to a webhook, is on its way, or never arrived; the newest event first',
    query: {
      status: { schema: { type: 'string', enum: [...DELIVERY_STATUSES] }, description: 'Only those.' },
      limit: {
        schema: { type: 'integer', minimum: 1, maximum: MAX_LIST_LIMIT, default: 100 },
        description: 'How many at most.',
      },
      cursor: { schema: { type: 'string' }, description: 'From the `Link` of the page before.' },
    },
    data: { type: 'array', items: ref('Delivery') },
    example: [EXAMPLE_DELIVERY],
    answerHeaders: NEXT_LINK,
    refuses: ['field_invalid', 'webhook_missing'],
  },
  replayDead: {
    id: 'replay_dead_deliveries',
    summary: 'Send a webhook everything again that is dead',
    description: 'Tells how many deliveries that are.',
    data: { type: 'integer', minimum: 0 },
    example: 3,
    refuses: CHANGED,
  },
  replay: {
    id: 'replay_delivery',
    summary: 'Send a webhook one event again, whatever became of it',
    data: { type: 'integer', enum: [1] },
    example: 1,
    refuses: [...CHANGED, 'delivery_missing'],
  },
};
