import { accountIn, deliveryOf, wants, type JobOf, type WebhookId } from '@claviger/domain';
import type { Ports } from '../ports.js';

const BATCH = 200;

/** Puts what happened on its way to whoever wants to hear of it, and tells how many deliveries that makes. */
export const publishEvents =
  ({ audit, unitOfWork, clock }: Pick<Ports, 'audit' | 'unitOfWork' | 'clock'>) =>
  async (): Promise<number> => {
    // Asked again and again: no turn at writing is taken to find out that there is nothing.
    if ((await audit.backlog()).unpublished.oldest === null) return 0;
    for (let total = 0; ;) {
      const now = clock.now();
      const { taken, sent } = await unitOfWork.run(async (stores) => {
        const records = await stores.audit.takeUnpublished(BATCH);
        const accountIds = new Set(records.map(accountIn).filter((id) => id !== null));
        const webhooks = await stores.webhooks.listening([...accountIds]);
        const deliveries = records.flatMap((record) =>
          webhooks.filter((webhook) => wants(webhook, record)).map((webhook) => deliveryOf(webhook, record, now)),
        );
        await stores.deliveries.addAll(deliveries);
        // In one order, so that no two workers wait for each other.
        const called = [...new Set(deliveries.map(({ webhookId }) => webhookId))].toSorted();
        for (const id of called) await stores.jobs.add(delivering(id, now));
        return { taken: records.length, sent: deliveries.length };
      });
      total += sent;
      if (taken < BATCH) return total;
    }
  };

/** What is due now. */
export function delivering(webhookId: WebhookId, at: number): JobOf<'deliver'> {
  return { task: 'deliver', payload: { webhookId }, key: `deliver:${webhookId}`, queue: webhookId, at };
}

/** What is due later: under a key of its own, for of one key the last word counts, and later must not replace now. */
export function retrying(webhookId: WebhookId, at: number): JobOf<'deliver'> {
  return { ...delivering(webhookId, at), key: `retry:${webhookId}` };
}
