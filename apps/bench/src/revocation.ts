import { startApi } from './api-server.js';
import type { Subject } from './subject.js';

/** How often a key is withdrawn. */
const TIMES = 20;

/** Withdraws keys at one process and asks another for them until it knows. @returns the longest it took, in milliseconds */
export async function longestRevocation({ folder, url, issue, withdraw, isGood }: Subject): Promise<number> {
  const other = await startApi(folder, url);
  try {
    let longest = 0;
    for (let time = 0; time < TIMES; time++) {
      const key = await issue();
      if (!(await isGood(key, other.origin))) throw new Error('A new key is not good elsewhere.');
      await withdraw(key);
      const withdrawn = performance.now();
      while (await isGood(key, other.origin)) continue;
      longest = Math.max(longest, performance.now() - withdrawn);
    }
    return longest;
  } finally {
    await other.stop();
  }
}
