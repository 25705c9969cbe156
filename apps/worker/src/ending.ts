import type { EventEmitter } from 'node:events';

/** How long a job in hand may take once the worker shall end; milliseconds. */
const GRACE = 10_000;

/**
 * Aborted by the first SIGTERM or SIGINT: what is in hand may be finished, for a while. The second one ends the process
 * at once. @param host the process
 */
export function endingOf(host: Pick<EventEmitter, 'on'> & { exit(code: number): void }, grace = GRACE): AbortSignal {
  const ending = new AbortController();
  const onSignal = () => {
    if (ending.signal.aborted) return host.exit(1);
    ending.abort();
    // Keeps nothing alive that is done before.
    setTimeout(() => host.exit(0), grace).unref();
  };
  host.on('SIGTERM', onSignal);
  host.on('SIGINT', onSignal);
  return ending.signal;
}
