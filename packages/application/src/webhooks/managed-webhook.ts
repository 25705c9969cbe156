import {
  isAdmin,
  mayManage,
  PlatformError,
  type AccountReader,
  type Actor,
  type Webhook,
  type WebhookId,
} from '@claviger/domain';

/** Where webhooks and their accounts are found: inside a unit of work or outside. */
interface Finding {
  readonly accounts: Pick<AccountReader, 'find'>;
  readonly webhooks: { find(id: WebhookId): Promise<Webhook | null> };
}

/** The webhook, if the actor may know of it: its account's owner or an admin. @throws webhook_missing */
export async function demandManagedWebhook(
  actor: Actor,
  { accounts, webhooks }: Finding,
  id: string,
): Promise<Webhook> {
  // Any text may be asked for: one that is no id is one that no webhook has.
  const webhook = await webhooks.find(id as WebhookId);
  if (webhook && isAdmin(actor)) return webhook;
  const account = webhook?.appId ? await accounts.find(webhook.appId) : null;
  if (!webhook || !account || !mayManage(actor, account)) throw new PlatformError('webhook_missing');
  return webhook;
}
