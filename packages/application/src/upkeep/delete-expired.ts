import { happened, NO_CHANGES, recordOf, WORKER, type Stores } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Small enough that no other writer waits long. */
const BATCH = 1000;

/** Expired tokens are told from illegal ones for so long: 30 days. */
const EXPIRED_KEPT = 30 * 86_400_000;

/** How long things are kept, in milliseconds. */
export interface Retention {
  readonly audit: number;
  /** Of deliveries that wait for nothing, from the time they began. */
  readonly deliveries: number;
}

/** Deletes what is past its retention and tells how many records that were. */
export const deleteExpired =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (retention: Retention): Promise<number> => {
    const now = clock.now();
    const inBatches = async (remove: (stores: Stores) => Promise<number>): Promise<number> => {
      for (let total = 0; ;) {
        const removed = await unitOfWork.run(remove);
        total += removed;
        if (removed < BATCH) return total;
      }
    };
    const records = await inBatches(prune(now - retention.audit, now));
    const deliveries = await inBatches((stores) => stores.deliveries.removeSettled(now - retention.deliveries, BATCH));
    const tokens = await inBatches((stores) => stores.tokens.removeExpired(now - EXPIRED_KEPT, BATCH));
    const sessions = await inBatches((stores) => stores.sessions.removeExpired(now, BATCH));
    const artifacts = await inBatches((stores) => stores.oauth.removeExpired(now, BATCH));
    return records + deliveries + tokens + sessions + artifacts;
  };

/** Shortens the chain from its beginning, and says so in the chain: what is left can still be verified. */
function prune(before: number, now: number): (stores: Stores) => Promise<number> {
  return async ({ audit }) => {
    const gone = await audit.removeBefore(before, BATCH);
    if (!gone) return 0;
    const { last, removed } = gone;
    const because = { name: 'audit.pruned', ...happened(WORKER, now, NO_CHANGES) } as const;
    const subject = { kind: 'audit', id: String(last.number), name: 'audit' } as const;
    await audit.add(recordOf(subject, { ...because, through: last.number, hash: last.hash, removed }));
    return removed;
  };
}
