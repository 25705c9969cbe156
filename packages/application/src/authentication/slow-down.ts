import { PlatformError, type Attempt, type Awaitable, type FailureGuard } from '@claviger/domain';

/**
 * Whoever fails too often has to wait, right or wrong; the right secret from another address does not.
 * @param prove throws something unauthenticated for what is to be counted
 * @throws too_many_requests, and what the proof throws
 */
export const slowDown = (failures: FailureGuard) => {
  const demandNoWait = (attempt: Attempt): void => {
    const wait = failures.waitOf(attempt);
    if (wait > 0) throw new PlatformError('too_many_requests', { retryAfter: Math.ceil(wait / 1000) });
  };

  const count = async (attempt: Attempt, error: unknown): Promise<never> => {
    demandNoWait(attempt);
    if (error instanceof PlatformError && error.kind === 'unauthenticated') await failures.failed(attempt);
    throw error;
  };

  const waitFor = async <T>(attempt: Attempt, proving: Promise<T>): Promise<T> => {
    const proven = await proving.catch((error: unknown) => count(attempt, error));
    // Of many guesses at once those still in hand when there were too many learn nothing, be they right or wrong.
    demandNoWait(attempt);
    return proven;
  };

  return <T>(attempt: Attempt, prove: () => Awaitable<T>): Awaitable<T> => {
    demandNoWait(attempt);
    let proven: Awaitable<T>;
    try {
      proven = prove();
    } catch (error) {
      return count(attempt, error);
    }
    return proven instanceof Promise ? waitFor(attempt, proven) : proven;
  };
};
