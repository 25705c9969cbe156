import { PlatformError, type ErrorCode, type ErrorDetails } from '../src/errors.js';

/** What a verb refuses with; null when it agrees. Any other thrown thing is a bug and goes through. */
export function refusalOf(verb: () => unknown): { code: ErrorCode; details: ErrorDetails } | null {
  try {
    verb();
    return null;
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { code: error.code, details: error.details };
  }
}

/** The refusal of one field, as `refusalOf` tells it. */
export const fieldRefusal = (field: string, rule: string, values: ErrorDetails = {}) => ({
  code: 'field_invalid',
  details: { ...values, field, rule },
});
