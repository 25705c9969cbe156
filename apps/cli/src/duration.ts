import { millisecondsIn } from '@claviger/composition';
import { UsageError } from './usage-error.js';

/** Milliseconds of what somebody typed for an option; undefined where nothing was. @throws UsageError */
export function durationIn(option: string, typed: string | undefined): number | undefined {
  if (typed === undefined) return undefined;
  const milliseconds = millisecondsIn(typed);
  if (Number.isNaN(milliseconds))
    throw new UsageError(`${option} must be milliseconds, or a number with ms, s, m, h or d such as 12h.`);
  return milliseconds;
}
