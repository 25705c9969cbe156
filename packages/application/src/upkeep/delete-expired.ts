import type { Stores } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** Small enough that no other writer waits long. */
const BATCH = 1000;

/** Expired tokens are told from illegal ones for so long: 30 days. */
const EXPIRED_KEPT = 30 * 86_400_000;

/** Deletes what is past its retention and tells how many records that were. @param given.auditRetention milliseconds */
export const deleteExpired =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (given: { auditRetention: number }): Promise<number> => {
    const now = clock.now();
    const inBatches = async (remove: (stores: Stores) => Promise<number>): Promise<number> => {
      for (let total = 0; ;) {
        const removed = await unitOfWork.run(remove);
        total += removed;
        if (removed < BATCH) return total;
      }
    };
    const records = await inBatches(({ audit }) => audit.removeBefore(now - given.auditRetention, BATCH));
    const tokens = await inBatches((stores) => stores.tokens.removeExpired(now - EXPIRED_KEPT, BATCH));
    const sessions = await inBatches((stores) => stores.sessions.removeExpired(now, BATCH));
    return records + tokens + sessions;
  };
