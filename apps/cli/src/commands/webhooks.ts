import { deliveryJson, webhookJson, type DisclosedWebhook, type WebhookJson } from '@claviger/application';
import { OPERATOR, type Webhook } from '@claviger/domain';
import { confirm } from '../ask.js';
import { EXIT_CODES } from '../exit-codes.js';
import { deliveriesTable, webhooksTable, webhookTable } from '../record-tables.js';
import type { Session } from '../session.js';

export interface WebhookOptions {
  readonly url?: string;
  readonly event?: readonly string[];
  readonly description?: string;
}

export interface CreateWebhookOptions extends Omit<WebhookOptions, 'url'> {
  readonly app?: string;
  readonly disabled?: true;
}

export interface ListDeliveriesOptions {
  readonly status?: string;
  readonly limit?: number;
  readonly cursor?: string;
}

export async function createWebhook(session: Session, url: string, options: CreateWebhookOptions): Promise<void> {
  const { app, event, description, disabled } = options;
  const platform = await session.platform();
  const stated = { url, appId: app, events: event, description, enabled: disabled ? false : undefined };
  await printNew(session, await platform.registerWebhook(OPERATOR, stated));
}

export async function listWebhooks(session: Session, appId: string | undefined): Promise<void> {
  const platform = await session.platform();
  const webhooks: WebhookJson[] = [];
  for await (const webhook of await platform.listWebhooks(OPERATOR, { appId })) webhooks.push(webhookJson(webhook));
  await session.print(webhooks, () => {
    if (webhooks.length > 0) return webhooksTable(webhooks);
    session.tell(
      appId === undefined
        ? 'There are no webhooks yet. To have events sent: claviger webhook create <url>'
        : `${appId} has no webhooks.`,
    );
    return '';
  });
}

export async function showWebhook(session: Session, id: string): Promise<void> {
  const platform = await session.platform();
  await printWebhook(session, await platform.showWebhook(OPERATOR, { id }));
}

export async function updateWebhook(session: Session, id: string, options: WebhookOptions): Promise<void> {
  const { event, ...rest } = options;
  const platform = await session.platform();
  await printWebhook(session, await platform.updateWebhook(OPERATOR, { ...rest, id, events: event }));
}

export async function enableWebhook(session: Session, id: string, enabled: boolean): Promise<void> {
  const platform = await session.platform();
  await platform.updateWebhook(OPERATOR, { id, enabled });
  await session.print(true);
}

export async function rotateWebhookSecret(session: Session, id: string): Promise<void> {
  const platform = await session.platform();
  await printNew(session, await platform.rotateWebhookSecret(OPERATOR, { id }));
  session.tell('The one before signs too for a day.');
}

export async function deleteWebhook(session: Session, id: string): Promise<void> {
  const platform = await session.platform();
  const { url } = await platform.showWebhook(OPERATOR, { id });
  await confirm(session, `Delete the webhook to ${url} and its deliveries?`);
  await platform.deleteWebhook(OPERATOR, { id });
  await session.print(true);
}

export async function testWebhook(session: Session, id: string): Promise<void> {
  const platform = await session.platform();
  const { delivered, result } = await platform.testWebhook(OPERATOR, { id });
  await session.print({ delivered, result }, () => `${delivered ? 'delivered' : 'not delivered'}: ${result}`);
  if (!delivered) session.exitCode = EXIT_CODES.forbidden;
}

export async function listDeliveries(session: Session, id: string, options: ListDeliveriesOptions): Promise<void> {
  const platform = await session.platform();
  const { deliveries, next } = await platform.listDeliveries(OPERATOR, { id, ...options });
  const found = deliveries.map((delivery) => deliveryJson(delivery));
  await session.print(found, () => {
    if (found.length > 0) return deliveriesTable(found);
    session.tell('There are no such deliveries.');
    return '';
  });
  if (next) session.tell(`There are older ones. To go on: --cursor ${next}`);
}

export async function replayDeliveries(session: Session, id: string, eventId: string | undefined): Promise<void> {
  const platform = await session.platform();
  await session.print(await platform.replayDeliveries(OPERATOR, { id, eventId }));
}

async function printWebhook(session: Session, webhook: Webhook): Promise<void> {
  const json = webhookJson(webhook);
  await session.print(json, () => webhookTable(json));
}

async function printNew(session: Session, { webhook, secret }: DisclosedWebhook): Promise<void> {
  const json = webhookJson(webhook, secret);
  await session.print(json, () => webhookTable(json));
  session.tell('The secret is shown only this once: keep it now.');
}
