import { setTimeout as delay } from 'node:timers/promises';

/** Waits for what another process causes, which tells nobody. */
export async function eventually(isSo: () => boolean): Promise<void> {
  const deadline = performance.now() + 5_000;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error('It did not happen in 5 seconds.');
    await delay(5);
  }
}
