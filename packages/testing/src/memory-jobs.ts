import type { JobQueue } from '@claviger/domain';
import type { MemoryState } from './memory-state.js';

export function memoryJobQueue(state: MemoryState): JobQueue {
  return {
    add: async (job) => void state.jobs.set(job.key, job),
    claimPeriod: async (task, period) => {
      if ((state.periods.get(task) ?? -Infinity) >= period) return false;
      state.periods.set(task, period);
      return true;
    },
  };
}
