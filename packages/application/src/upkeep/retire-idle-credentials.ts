import { happened, retireIdle, WORKER, type Account, type AccountId, accountChanges } from '@claviger/domain';
import type { Ports } from '../ports.js';

const CHUNK = 100;

/** Ends the old credentials of rotations that wait for silence and have been quiet, and tells how many. */
export const retireIdleCredentials =
  ({ accounts, unitOfWork, clock }: Pick<Ports, 'accounts' | 'unitOfWork' | 'clock'>) =>
  async (): Promise<number> => {
    const now = clock.now();
    let retired = 0;
    for (let after: AccountId | null = null; ;) {
      const chunk: readonly Account[] = await accounts.list({ retiringWhenIdle: now }, { limit: CHUNK, after });
      for (const read of chunk) {
        // Most of them still wait: no turn at writing is taken for those.
        if (retireIdle(read, now).retired.length === 0) continue;
        retired += await unitOfWork.run(async (stores) => {
          const found = await stores.accounts.find(read.appId);
          if (!found) return 0;
          const { account, retired: accessKeys } = retireIdle(found, now);
          if (accessKeys.length === 0) return 0;
          const because = happened(WORKER, now, accountChanges(found, account));
          await stores.accounts.save(account, { name: 'credential.retired', ...because, accessKeys });
          return accessKeys.length;
        });
      }
      after = chunk.at(-1)?.id ?? null;
      if (chunk.length < CHUNK) return retired;
    }
  };
