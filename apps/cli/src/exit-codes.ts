import type { ErrorKind } from '@claviger/domain';

/** What each kind of error is to a script. The only such table. */
export const EXIT_CODES = {
  invalid: 2,
  unauthenticated: 3,
  forbidden: 3,
  locked: 3,
  missing: 4,
  conflict: 5,
  impossible: 5,
  limited: 75,
  unavailable: 75,
  fault: 70,
} as const satisfies Record<ErrorKind, number>;

export const DONE = 0;
/** As a shell says it of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;
