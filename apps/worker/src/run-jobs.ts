import type { Log } from '@claviger/composition';
import type { Job } from './jobs.js';

/** Resolves after so many milliseconds, or at once when the signal comes. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * Runs every job at once and then each time its pause is over, until the signal comes and the jobs in hand are done.
 * A job never overlaps itself; one that fails is logged and has its next turn like any other.
 */
export async function runJobs(
  jobs: readonly Job[],
  given: { log: Log; pause: Pause; signal: AbortSignal },
): Promise<void> {
  const { log, pause, signal } = given;
  await Promise.all(
    jobs.map(async (job) => {
      while (!signal.aborted) {
        await runOnce(job, log);
        await pause(job.every, signal);
      }
    }),
  );
}

async function runOnce({ name, run }: Job, log: Log): Promise<void> {
  try {
    const done = await run();
    if (done === null) log.debug({ job: name }, 'nothing to do');
    else log.info({ job: name, ...done }, 'done');
  } catch (error) {
    log.error({ job: name, err: error }, 'failed; it is tried again at its next turn');
  }
}
