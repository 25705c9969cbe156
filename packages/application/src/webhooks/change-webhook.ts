import {
  amendWebhook,
  demandActor,
  demandAdmin,
  demandManaged,
  happened,
  MAX_WEBHOOKS,
  parseAppId,
  parseWebhookStatement,
  PlatformError,
  registerWebhook as register,
  rotateWebhookSecret as withSecret,
  webhookChanges,
  type Caller,
  type Webhook,
  type WebhookSecret,
  type WebhookAmendment,
  type WebhookStatement,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { demandManagedWebhook } from './managed-webhook.js';
import { delivering } from './publish-events.js';

type Writing = Pick<Ports, 'unitOfWork' | 'clock'>;

export interface DisclosedWebhook {
  readonly webhook: Webhook;
  /** In clear, the only time. */
  readonly secret: WebhookSecret;
}

/**
 * Registers an address that hears of one account's events, for its owner; of everybody's when no appId is given, for admins.
 * @throws field_invalid, account_missing, user_not_allowed, too_many_webhooks
 */
export const registerWebhook =
  ({ unitOfWork, vault, ids, clock }: Writing & Pick<Ports, 'vault' | 'ids'>) =>
  async (
    caller: Caller,
    given: WebhookStatement & { appId?: string | null | undefined },
  ): Promise<DisclosedWebhook> => {
    const appId = typeof given.appId === 'string' ? parseAppId(given.appId) : null;
    const [{ secret, boxed }, id, now] = [vault.newWebhookSecret(), ids.nextWebhookId(), clock.now()];
    const request = parseWebhookStatement(given);
    const actor = appId === null ? demandAdmin(caller) : demandActor(caller);
    const webhook = await unitOfWork.run(async ({ accounts, webhooks }) => {
      const account = appId === null ? null : demandManaged(actor, await accounts.find(appId));
      if ((await webhooks.count(account?.id ?? null)) >= MAX_WEBHOOKS)
        throw new PlatformError('too_many_webhooks', { most: MAX_WEBHOOKS });
      const added = register(request, { id, account, secret: boxed, now });
      await webhooks.add(added, { name: 'webhook.registered', ...happened(actor, now, webhookChanges(null, added)) });
      return added;
    });
    return { webhook, secret };
  };

/** Amends a webhook; what is left out stays. Its rest, if it had one, is over. @throws field_invalid, webhook_missing */
export const updateWebhook =
  ({ unitOfWork, clock }: Writing) =>
  async (caller: Caller, given: WebhookAmendment & { id: string }): Promise<Webhook> => {
    const request = parseWebhookStatement(given);
    const actor = demandActor(caller);
    const now = clock.now();
    return unitOfWork.run(async (stores) => {
      const before = await demandManagedWebhook(actor, stores, given.id);
      const after = amendWebhook(before, request, now);
      const because = { name: 'webhook.amended', ...happened(actor, now, webhookChanges(before, after)) } as const;
      await stores.webhooks.save(after, because);
      if (after.enabled) await stores.jobs.add(delivering(after.id, now));
      return after;
    });
  };

/** A new secret; the one before signs too for a day. @throws webhook_missing */
export const rotateWebhookSecret =
  ({ unitOfWork, vault, clock }: Writing & Pick<Ports, 'vault'>) =>
  async (caller: Caller, given: { id: string }): Promise<DisclosedWebhook> => {
    const actor = demandActor(caller);
    const [{ secret, boxed }, now] = [vault.newWebhookSecret(), clock.now()];
    const webhook = await unitOfWork.run(async (stores) => {
      const before = await demandManagedWebhook(actor, stores, given.id);
      const after = withSecret(before, boxed, now);
      const because = happened(actor, now, webhookChanges(before, after));
      await stores.webhooks.save(after, { name: 'webhook.secret_rotated', ...because });
      return after;
    });
    return { webhook, secret };
  };

/** Deletes a webhook with its deliveries. @throws webhook_missing */
export const deleteWebhook =
  ({ unitOfWork, clock }: Writing) =>
  async (caller: Caller, given: { id: string }): Promise<void> => {
    const actor = demandActor(caller);
    const now = clock.now();
    await unitOfWork.run(async (stores) => {
      const webhook = await demandManagedWebhook(actor, stores, given.id);
      const because = happened(actor, now, webhookChanges(webhook, null));
      await stores.webhooks.remove(webhook, { name: 'webhook.deleted', ...because });
    });
  };
