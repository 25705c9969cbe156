import type { Log } from './log.js';

/** Shorter than what `LAST_USE_DELAY` of the domain promises. Milliseconds. */
const EVERY = 30_000;

/** Writes every half minute what was noted since, and a last time when it is stopped. What fails is tried at the next turn. */
export function writeRegularly(write: () => Promise<void>, log?: Log): { stop(): Promise<void> } {
  const attempt = () =>
    write().catch((error: unknown) =>
      log?.warn({ err: error }, 'last uses and refusals could not be written down; it is tried again'),
    );
  let running: Promise<void> = Promise.resolve();
  const timer = setInterval(() => {
    running = running.then(attempt);
  }, EVERY).unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await running;
      await attempt();
    },
  };
}
