import type { Tasks } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** What is to be done again and again. */
export type PeriodicTask = Exclude<keyof Tasks, 'deliver'>;

/** Milliseconds of the period of each task. */
export type Periods = Readonly<Record<PeriodicTask, number>>;

/**
 * Puts every periodic task into the queue whose present period nobody has claimed: once per period, however many
 * workers ask. Tells which.
 */
export const claimDue = ({ unitOfWork, clock }: Pick<Ports, 'unitOfWork' | 'clock'>) => {
  // What this process knows to be claimed needs no turn at writing.
  const claimed = new Map<PeriodicTask, number>();
  return async (periods: Periods): Promise<readonly PeriodicTask[]> => {
    const now = clock.now();
    const tasks = (Object.keys(periods) as PeriodicTask[])
      .map((task) => ({ task, period: now - (now % periods[task]) }))
      .filter(({ task, period }) => claimed.get(task) !== period);
    if (tasks.length === 0) return [];
    const mine = await unitOfWork.run(async ({ jobs }) => {
      const won: PeriodicTask[] = [];
      for (const { task, period } of tasks) {
        if (!(await jobs.claimPeriod(task, period, now))) continue;
        await jobs.add({ task, payload: {}, key: task, queue: task, at: now });
        won.push(task);
      }
      return won;
    });
    for (const { task, period } of tasks) claimed.set(task, period);
    return mine;
  };
};
