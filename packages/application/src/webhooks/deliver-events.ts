import {
  afterAttempt,
  amendWebhook,
  givenUp,
  happened,
  healthAfter,
  RESTS_AFTER,
  signingSecrets,
  webhookChanges,
  WORKER,
  type Delivery,
  type Outcome,
  type UnitOfWork,
  type Webhook,
  type WebhookId,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { delivering, retrying } from './publish-events.js';

/** So many results are written down together. */
const BATCH = 20;
/** So many attempts to one webhook are under way at once. */
const AT_ONCE = 5;
/** So many that were never tried are given up together. */
const OLD_BATCH = 500;

type Needs = Pick<Ports, 'webhooks' | 'unitOfWork' | 'messenger' | 'vault' | 'ids' | 'clock'>;

export interface DeliveryRules {
  readonly retryFor: number;
  readonly isEnding: () => boolean;
}

/** What was tried: how many of them were taken, and how many were not. */
export interface Delivered {
  readonly delivered: number;
  readonly failed: number;
}

/**
 * Tries what is due to one webhook. To be called by one worker at a time for each webhook: it sees to it itself that
 * it is called again.
 * @param rules.retryFor how long an event is tried for; milliseconds
 * @param rules.isEnding no attempt is begun once it says so
 */
export const deliverEvents =
  (ports: Needs) =>
  async (given: { webhookId: string }, rules: DeliveryRules): Promise<Delivered> => {
    const { webhooks, unitOfWork, ids, clock } = ports;
    const id = given.webhookId as WebhookId;
    const webhook = await webhooks.find(id);
    if (!webhook?.enabled) return NOTHING;
    const { failures, restsUntil } = webhook.health;
    if (restsUntil !== null && restsUntil > clock.now()) {
      await unitOfWork.run(({ jobs }) => jobs.add(retrying(id, restsUntil)));
      return NOTHING;
    }
    // One that fails is asked once: it answers, or goes on resting.
    const due = await webhooks.dueDeliveries(id, clock.now(), failures < RESTS_AFTER ? BATCH : 1);
    const attempts = await attemptAll(ports, webhook, due, rules.isEnding);
    const [now, chance] = [clock.now(), ids.chance()];
    const outcomes = attempts.map(({ outcome }) => outcome);
    const health = healthAfter(webhook.health, outcomes, { ...rules, now, chance });
    const tried = attempts.map(({ delivery, outcome, at }) =>
      afterAttempt(delivery, outcome, { ...rules, now: at, chance: ids.chance() }),
    );
    const gone = outcomes.some((outcome) => !outcome.delivered && outcome.gone);

    await unitOfWork.run(async (stores) => {
      await stores.deliveries.saveAll(tried);
      if (health.failures > 0 || failures > 0) await stores.webhooks.noteHealth(id, health);
      const kept = gone ? await stores.webhooks.find(id) : null;
      if (kept?.enabled) {
        const after = amendWebhook(kept, { enabled: false }, now);
        const because = { name: 'webhook.amended', ...happened(WORKER, now, webhookChanges(kept, after)) } as const;
        await stores.webhooks.save(after, because);
      }
      const next = await stores.deliveries.nextDue(id);
      if (next === null) return;
      const at = Math.max(next, health.restsUntil ?? 0);
      await stores.jobs.add(at > now ? retrying(id, at) : delivering(id, now));
    });
    if (health.failures >= RESTS_AFTER) await giveUpOld(unitOfWork, id, { ...rules, now });
    const delivered = outcomes.filter((outcome) => outcome.delivered).length;
    return { delivered, failed: outcomes.length - delivered };
  };

const NOTHING: Delivered = { delivered: 0, failed: 0 };

/** What is not tried because its webhook rests must come to an end too. */
async function giveUpOld(unitOfWork: UnitOfWork, id: WebhookId, rules: { now: number; retryFor: number }) {
  for (let gaveUp = OLD_BATCH; gaveUp === OLD_BATCH;)
    gaveUp = await unitOfWork.run(async ({ deliveries }) => {
      const oldest = await deliveries.ofStatus(id, 'waiting', OLD_BATCH);
      const over = oldest.flatMap((delivery) => givenUp(delivery, rules) ?? []);
      if (over.length > 0) await deliveries.saveAll(over);
      return over.length;
    });
}

interface Attempt {
  readonly delivery: Delivery;
  readonly outcome: Outcome;
  /** When it ended. */
  readonly at: number;
}

/** In the order in which they ended. Begins no more once it is clear that nobody listens. */
async function attemptAll(
  { messenger, vault, clock }: Needs,
  webhook: Webhook,
  due: readonly Delivery[],
  isEnding: DeliveryRules['isEnding'],
): Promise<readonly Attempt[]> {
  const secrets = signingSecrets(webhook, clock.now()).map((boxed) => vault.open('webhook', boxed));
  const ended: Attempt[] = [];
  let failuresInARow = 0;
  const waiting = due.values();
  const goOn = async (): Promise<void> => {
    for (const delivery of waiting) {
      if (isEnding()) return;
      const { eventId: messageId, body } = delivery;
      const outcome = await messenger.send({ url: webhook.url, id: messageId, at: clock.now(), body, secrets });
      ended.push({ delivery, outcome, at: clock.now() });
      failuresInARow = outcome.delivered ? 0 : failuresInARow + 1;
      if (failuresInARow >= RESTS_AFTER) return;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, goOn));
  return ended;
}
