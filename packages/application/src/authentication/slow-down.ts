import { PlatformError, type Attempt, type FailureGuard } from '@claviger/domain';

/**
 * Whoever fails too often has to wait, right or wrong; the right secret from another address does not.
 * @param prove throws something unauthenticated for what is to be counted
 * @throws too_many_requests, and what the proof throws
 */
export const slowDown =
  (failures: FailureGuard) =>
  async <T>(attempt: Attempt, prove: () => Promise<T>): Promise<T> => {
    const demandNoWait = () => {
      const wait = failures.waitOf(attempt);
      if (wait > 0) throw new PlatformError('too_many_requests', { retryAfter: Math.ceil(wait / 1000) });
    };
    demandNoWait();
    let proven: T;
    try {
      proven = await prove();
    } catch (error) {
      demandNoWait();
      if (error instanceof PlatformError && error.kind === 'unauthenticated') await failures.failed(attempt);
      throw error;
    }
    // Of many guesses at once those still in hand when there were too many learn nothing, be they right or wrong.
    demandNoWait();
    return proven;
  };
