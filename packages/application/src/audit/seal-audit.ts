import { chainedText, CHAIN_START, type Seal } from '@claviger/domain';
import type { Ports } from '../ports.js';

const BATCH = 200;

/** Closes the chain of hashes over what was written since the last time, and tells how many records that were. */
export const sealAudit =
  ({ audit, unitOfWork, digest }: Pick<Ports, 'audit' | 'unitOfWork' | 'digest'>) =>
  async (): Promise<number> => {
    for (let total = 0; ;) {
      const records = await audit.unsealed(BATCH);
      if (records.length === 0) return total;
      await unitOfWork.run(async (stores) => {
        let { number, hash } = (await stores.audit.lastSeal()) ?? { number: 0, hash: CHAIN_START };
        const seals = new Map<number, Seal>();
        for (const record of records) {
          number += 1;
          hash = digest.sha256(chainedText(hash, number, record));
          seals.set(record.id, { number, hash });
        }
        await stores.audit.seal(seals);
      });
      total += records.length;
      if (records.length < BATCH) return total;
    }
  };
