import type { Ports } from '../ports.js';

/** Small enough that no other writer waits long. */
const BATCH = 1000;

/** Deletes what is past its retention and tells how many records that were. @param given.auditRetention milliseconds */
export const deleteExpired =
  ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) =>
  async (given: { auditRetention: number }): Promise<number> => {
    const before = clock.now() - given.auditRetention;
    for (let total = 0; ;) {
      const removed = await unitOfWork.run(({ audit }) => audit.removeBefore(before, BATCH));
      total += removed;
      if (removed < BATCH) return total;
    }
  };
