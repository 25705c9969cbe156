import type { Log } from '@claviger/composition';

/** Something that every worker does again and again, whatever the others do. */
export interface Round {
  readonly name: string;
  /** Milliseconds from the end of one run to the beginning of the next. */
  readonly pause: number;
  readonly run: () => Promise<void>;
}

/** Resolves after so many milliseconds, or at once when the signal comes. */
export type Pause = (ms: number, signal: AbortSignal) => Promise<void>;

/** The longest pause after a round that failed; milliseconds. */
const LONGEST = 5_000;

/**
 * Runs every round at once and then each time its pause is over, until the signal comes and those in hand are done. A
 * round never overlaps itself; of failures in a row the first is logged, and pauses grow.
 */
export async function runRounds(
  rounds: readonly Round[],
  { log, pause, signal }: { log: Log; pause: Pause; signal: AbortSignal },
): Promise<void> {
  await Promise.all(
    rounds.map(async ({ name, run, pause: usual }) => {
      let next = usual;
      while (!signal.aborted) {
        const error = await failureOf(run);
        if (error === null && next > usual) log.info({ round: name }, 'works again');
        if (error !== null && next === usual) log.error({ round: name, err: error }, 'failed; it is tried again');
        next = error === null ? usual : Math.min(next * 2, Math.max(LONGEST, usual * 2));
        await pause(next, signal);
      }
    }),
  );
}

async function failureOf(run: () => Promise<void>): Promise<unknown> {
  try {
    await run();
    return null;
  } catch (error) {
    return error;
  }
}
