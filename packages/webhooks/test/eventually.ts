import { setTimeout as delay } from 'node:timers/promises';

/** Waits for what the system tells nobody. @param within milliseconds; less than it takes idle connections to close by themselves */
export async function eventually(isSo: () => boolean, within = 2_000): Promise<void> {
  const deadline = performance.now() + within;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`It did not happen in ${within} ms.`);
    await delay(5);
  }
}
