import { beforeEach, describe, expect, test } from '@jest/globals';
import { MOST_AHEAD, type Job, type JobLag, type JobOf, type Stores } from '@claviger/domain';
import { aJob } from '../builders.js';
import type { Database } from '../memory-database.js';
import type { OpenEmpty } from './open-empty.js';

const [LONG_AGO, MUCH_LATER] = [Date.UTC(2001), Date.UTC(2286, 10, 21)];

/** What every queue of jobs keeps. @param lagOf what its runner tells; nobody runs the jobs meanwhile */
export function jobQueueContract<Opened extends Database>(
  open: OpenEmpty<Opened>,
  lagOf: (database: Opened) => Promise<JobLag>,
): void {
  describe('a queue of jobs', () => {
    let database: Opened;
    beforeEach(async () => {
      database = await open();
    });

    const run = <T>(work: (stores: Stores) => Promise<T>) => database.unitOfWork.run(work);
    const deliver = (told: Partial<JobOf<'deliver'>>): Job => aJob(told);
    const add = (...built: Job[]) =>
      run(async ({ jobs }) => {
        for (const job of built) await jobs.add(job);
      });

    test('keeps what is added in a unit of work', async () => {
      expect(await lagOf(database)).toEqual({ due: 0, oldest: null });
      await add(deliver({ at: LONG_AGO + 1 }), deliver({ at: LONG_AGO }), deliver({ at: MUCH_LATER }));
      expect(await lagOf(database)).toEqual({ due: 2, oldest: LONG_AGO });
    });

    test('keeps nothing of a unit of work that fails', async () => {
      const late = run(async ({ jobs }) => {
        await jobs.add(deliver({ at: LONG_AGO }));
        throw new Error('late');
      });
      await expect(late).rejects.toThrow('late');
      expect(await lagOf(database)).toEqual({ due: 0, oldest: null });
    });

    test('keeps of the jobs with one key the one that was added last', async () => {
      await add(deliver({ key: 'one', at: LONG_AGO }), deliver({ key: 'other', at: LONG_AGO + 5 }));
      await add(deliver({ key: 'one', at: LONG_AGO + 9 }));
      expect(await lagOf(database)).toEqual({ due: 2, oldest: LONG_AGO + 5 });
      await add(deliver({ key: 'other', at: MUCH_LATER }));
      expect(await lagOf(database)).toEqual({ due: 1, oldest: LONG_AGO + 9 });
    });

    test('keeps one job of one key, however many add it at once', async () => {
      await Promise.all(Array.from({ length: 8 }, () => add(deliver({ key: 'one', at: LONG_AGO }))));
      expect(await lagOf(database)).toEqual({ due: 1, oldest: LONG_AGO });
    });

    test('lets each period of a task be claimed once, and none that is over', async () => {
      const claim = (task: Job['task'], period: number) => run(({ jobs }) => jobs.claimPeriod(task, period, period));
      expect(await claim('seal-audit', 29_700_000)).toBe(true);
      expect(await claim('seal-audit', 29_700_000)).toBe(false);
      expect(await claim('seal-audit', 29_699_999)).toBe(false);
      expect(await claim('retire-idle', 29_700_000)).toBe(true);
      expect(await claim('seal-audit', 29_700_005)).toBe(true);
      expect(await claim('seal-audit', 29_700_001)).toBe(false);
    });

    test('does not believe a claim that was made by a clock far ahead, but one of a clock that is a little', async () => {
      const claim = (period: number, now: number) => run(({ jobs }) => jobs.claimPeriod('seal-audit', period, now));
      const [now, aYear] = [29_700_000, 31_536_000_000];
      expect(await claim(now + aYear, now + aYear)).toBe(true);
      expect(await claim(now, now)).toBe(true);
      expect(await claim(now, now)).toBe(false);
      expect(await claim(now + MOST_AHEAD, now + MOST_AHEAD)).toBe(true);
      expect(await claim(now + 5, now + 5)).toBe(false);
    });

    test('lets a period be claimed again when the unit of work failed', async () => {
      const late = run(async ({ jobs }) => {
        expect(await jobs.claimPeriod('seal-audit', 7, 7)).toBe(true);
        expect(await jobs.claimPeriod('seal-audit', 7, 7)).toBe(false);
        throw new Error('late');
      });
      await expect(late).rejects.toThrow('late');
      expect(await run(({ jobs }) => jobs.claimPeriod('seal-audit', 7, 7))).toBe(true);
    });

    test('lets one of many who claim a period at once have it', async () => {
      for (const period of [1, 2]) {
        const claims = Array.from({ length: 8 }, () =>
          run(({ jobs }) => jobs.claimPeriod('seal-audit', period, period)),
        );
        expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1);
      }
    });
  });
}
