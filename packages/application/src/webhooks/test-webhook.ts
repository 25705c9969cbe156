import { demandActor, signingSecrets, type Caller, type EventId, type Outcome } from '@claviger/domain';
import type { Ports } from '../ports.js';
import { demandManagedWebhook } from './managed-webhook.js';

/** Sends a message of the type `webhook.test`, once and at once, and tells how that ended. @throws webhook_missing */
export const testWebhook =
  (ports: Pick<Ports, 'accounts' | 'webhooks' | 'messenger' | 'vault' | 'clock'>) =>
  async (caller: Caller, given: { id: string }): Promise<Outcome> => {
    const webhook = await demandManagedWebhook(demandActor(caller), ports, given.id);
    const at = ports.clock.now();
    const data = { webhookId: webhook.id, appId: webhook.appId };
    return ports.messenger.send({
      url: webhook.url,
      id: `evt_test_${at}` as EventId,
      at,
      body: JSON.stringify({ type: 'webhook.test', timestamp: new Date(at).toISOString(), data }),
      secrets: signingSecrets(webhook, at).map((boxed) => ports.vault.open('webhook', boxed)),
    });
  };
