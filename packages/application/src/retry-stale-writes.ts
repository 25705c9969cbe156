import { PlatformError, type UnitOfWork } from '@claviger/domain';

const RETRIES = 3;

/** Runs a unit of work anew when somebody else was faster; the fourth stale write is told to the caller. */
export function retryStaleWrites(unitOfWork: UnitOfWork): UnitOfWork {
  return {
    async run(work) {
      for (let retriesLeft = RETRIES; ; retriesLeft--) {
        try {
          return await unitOfWork.run(work);
        } catch (error) {
          const stale = error instanceof PlatformError && error.code === 'write_was_stale';
          if (!stale || retriesLeft === 0) throw error;
        }
      }
    },
  };
}
