import {
  chainedText,
  CHAIN_START,
  PlatformError,
  type AuditRecord,
  type Digest,
  type Seal,
  type Stores,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

const BATCH = 200;

/** Closes the chain of hashes over what was written since the last time, and tells how many records that were. */
export const sealAudit =
  ({ audit, unitOfWork, digest }: Pick<Ports, 'audit' | 'unitOfWork' | 'digest'>) =>
  async (): Promise<number> => {
    for (let total = 0; ;) {
      const records = await audit.unsealed(BATCH);
      if (records.length === 0) return total;
      const mine = await unitOfWork.run(closing(records, digest)).catch(wasSealed);
      if (!mine) return total;
      total += records.length;
      if (records.length < BATCH) return total;
    }
  };

function closing(records: readonly AuditRecord[], digest: Digest) {
  return async ({ audit }: Stores): Promise<boolean> => {
    let { number, hash } = (await audit.lastSeal()) ?? { number: 0, hash: CHAIN_START };
    const seals = new Map<number, Seal>();
    for (const record of records) {
      number += 1;
      hash = digest.sha256(chainedText(hash, number, record));
      seals.set(record.id, { number, hash });
    }
    await audit.seal(seals);
    return true;
  };
}

/** Who seals at the same time has sealed them: that is no failure. */
function wasSealed(error: unknown): false {
  if (error instanceof PlatformError && error.code === 'write_was_stale') return false;
  throw error;
}
