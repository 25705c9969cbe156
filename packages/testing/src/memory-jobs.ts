import { MOST_AHEAD, type JobQueue } from '@claviger/domain';
import type { MemoryState } from './memory-state.js';

export function memoryJobQueue(state: MemoryState): JobQueue {
  return {
    add: async (job) => void state.jobs.set(job.key, job),
    claimPeriod: async (task, period, now) => {
      const claimed = state.periods.get(task) ?? -Infinity;
      if (claimed >= period && claimed <= now + MOST_AHEAD) return false;
      state.periods.set(task, period);
      return true;
    },
  };
}
