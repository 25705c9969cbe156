import { demandActor, happened, NO_CHANGES, PlatformError, replay, type Caller, type EventId } from '@claviger/domain';
import type { Ports } from '../ports.js';
import { demandManagedWebhook } from './managed-webhook.js';
import { delivering } from './publish-events.js';

/** So many dead ones are called back in one unit of work. */
const BATCH = 500;

/**
 * Sends again: one event, whatever became of it; or every dead one when none is named. Tells how many.
 * @throws webhook_missing, delivery_missing
 */
export const replayDeliveries =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (caller: Caller, given: { id: string; eventId?: string | undefined }): Promise<number> => {
    const actor = demandActor(caller);
    const now = clock.now();
    const { id, eventId } = given;
    for (let total = 0; ;) {
      const replayed = await unitOfWork.run(async (stores) => {
        const webhook = await demandManagedWebhook(actor, stores, id);
        const one = eventId === undefined ? null : await stores.deliveries.find(webhook.id, eventId as EventId);
        if (eventId !== undefined && !one) throw new PlatformError('delivery_missing');
        const chosen = one ? [one] : await stores.deliveries.ofStatus(webhook.id, 'dead', BATCH);
        if (chosen.length === 0) return 0;
        await stores.deliveries.saveAll(chosen.map((delivery) => replay(delivery, now)));
        const because = happened(actor, now, NO_CHANGES);
        await stores.webhooks.save(webhook, { name: 'webhook.replayed', ...because });
        await stores.jobs.add(delivering(webhook.id, now));
        return chosen.length;
      });
      total += replayed;
      if (replayed < BATCH) return total;
    }
  };
