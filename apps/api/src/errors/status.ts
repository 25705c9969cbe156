import type { ErrorKind } from '@claviger/domain';

/** How HTTP says what went wrong. The only place where an error's kind becomes a status. */
export const STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  missing: 404,
  conflict: 409,
  impossible: 422,
  locked: 423,
  limited: 429,
  fault: 500,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>;
