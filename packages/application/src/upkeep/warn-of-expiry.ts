import {
  accountChanges,
  happened,
  WARNING_HORIZON,
  warnOfExpiry as warn,
  WORKER,
  type Account,
  type AccountId,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

const CHUNK = 100;

/** Tells once each when credentials come near their end, and how many warnings that were. */
export const warnOfExpiry =
  ({ accounts, unitOfWork, clock }: Pick<Ports, 'accounts' | 'unitOfWork' | 'clock'>) =>
  async (): Promise<number> => {
    const now = clock.now();
    const expiring = { after: now, until: now + WARNING_HORIZON };
    let warned = 0;
    for (let after: AccountId | null = null; ;) {
      const chunk: readonly Account[] = await accounts.list({ expiring }, { limit: CHUNK, after });
      for (const read of chunk) {
        // Most of them were warned already: no turn at writing is taken for those.
        for (let due = warn(read, now) !== null; due; warned += due ? 1 : 0) due = await warnOnce(read.appId);
      }
      after = chunk.at(-1)?.id ?? null;
      if (chunk.length < CHUNK) return warned;
    }

    /** Whether there was anything left to warn of. */
    function warnOnce(appId: Account['appId']): Promise<boolean> {
      return unitOfWork.run(async (stores) => {
        const before = await stores.accounts.find(appId);
        const due = before && warn(before, now);
        if (!due) return false;
        const because = happened(WORKER, now, accountChanges(before, due.account));
        await stores.accounts.save(due.account, { name: 'credential.expiring', ...because, ...due.warning });
        return true;
      });
    }
  };
