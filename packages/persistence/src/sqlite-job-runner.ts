import { randomUUID } from 'node:crypto';
import type { JobHandlers, JobLag, JobRunner, JobRunnerOptions, TaskName } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { bell } from './bell.js';
import type { Engine } from './engine.js';
import { lagIn, RUNNER_ITSELF } from './job-lag.js';
import { changedBy, rowsOf } from './statement.js';

/** How long a job belongs to its runner without a sign of life; milliseconds. A killed one's jobs are free after that. */
const LEASE = 8_000;
/** Between two looks for what is due. A look reads a little of two indexes and writes nothing. */
const POLL = 200;
/** After a look that failed. */
const PAUSE = 1_000;

/** `$1`: now, `$2`: the names of the tasks as JSON. What one queue has in hand keeps its other jobs waiting. */
const IS_READY = `locked_by IS NULL AND run_at <= $1 AND task IN (SELECT value FROM json_each($2))
  AND queue NOT IN (SELECT queue FROM jobs WHERE locked_by IS NOT NULL)`;
const HAS_LAPSED = 'locked_by IS NOT NULL AND locked_until <= $1';

export const IS_ANY_DUE = `
  SELECT 1 FROM jobs WHERE ${IS_READY} UNION ALL SELECT 1 FROM jobs WHERE ${HAS_LAPSED} LIMIT 1`;
export const CLAIM = `
  UPDATE jobs SET locked_by = $3, locked_until = $4, attempts = attempts + 1
  WHERE id = (SELECT id FROM jobs WHERE ${IS_READY} ORDER BY run_at, id LIMIT 1)
  RETURNING id, task, payload, attempts`;
const RENEW = `
  UPDATE jobs SET locked_until = $1 WHERE locked_by = $2 AND id IN (SELECT value FROM json_each($3))`;
/** A job that was added under the key of one in hand stands in for it. */
const IS_REPLACED = 'EXISTS (SELECT 1 FROM jobs newer WHERE newer.key = jobs.key AND newer.id > jobs.id)';
const LAG = 'SELECT COUNT(*) AS due, MIN(run_at) AS oldest FROM jobs WHERE locked_by IS NULL AND run_at <= $1';

interface Claimed {
  readonly id: number;
  readonly task: TaskName;
  readonly payload: string;
  /** Tells this attempt from a later one, should its lease have ended unnoticed. */
  readonly attempts: number;
}

/** Runs the jobs of a SQLite file. Whoever runs jobs of the same file shares them through its tables. */
export class SqliteJobRunner implements JobRunner {
  constructor(
    private readonly engine: Engine,
    private readonly lease = LEASE,
  ) {}

  async run(handlers: JobHandlers, { ending, concurrency, onFailure }: JobRunnerOptions): Promise<void> {
    const runner = randomUUID();
    const inHand = new Map<Claimed, Promise<void>>();
    const tell = (error: unknown) => onFailure(RUNNER_ITSELF, error);
    const { rest, ring, end, hasEnded } = bell();
    void ending.then(end);
    const renewing = setInterval(() => {
      if (inHand.size > 0) this.renew(runner, [...inHand.keys()]).catch(tell);
    }, this.lease / 4);

    const begin = async (job: Claimed) => {
      await this.attempt(job, runner, handlers, onFailure).catch(tell);
      inHand.delete(job);
      // There is room now, and maybe its queue has more.
      ring();
    };
    while (!hasEnded()) {
      try {
        if (inHand.size < concurrency)
          for (const job of await this.claim(runner, Object.keys(handlers), concurrency - inHand.size))
            inHand.set(job, begin(job));
        await rest(POLL);
      } catch (error) {
        tell(error);
        await rest(PAUSE);
      }
    }
    await Promise.all(inHand.values());
    clearInterval(renewing);
  }

  lag(): Promise<JobLag> {
    return lagIn(this.engine, LAG);
  }

  private async claim(runner: string, tasks: readonly string[], most: number): Promise<readonly Claimed[]> {
    const ready = () => [Date.now(), JSON.stringify(tasks)];
    const due = await this.engine.read((manager) => rowsOf(manager, IS_ANY_DUE, ready()));
    if (due.length === 0) return [];
    return this.engine.write(async (manager) => {
      const now = Date.now();
      await giveBack(manager, HAS_LAPSED, [now], 0);
      const claimed: Claimed[] = [];
      while (claimed.length < most) {
        const [job] = await rowsOf(manager, CLAIM, [...ready(), runner, now + this.lease]);
        if (!job) break;
        claimed.push(job as unknown as Claimed);
      }
      return claimed;
    });
  }

  private async attempt(
    { id, task, payload, attempts }: Claimed,
    runner: string,
    handlers: JobHandlers,
    onFailure: JobRunnerOptions['onFailure'],
  ): Promise<void> {
    const isMine = 'id = $1 AND locked_by = $2 AND attempts = $3';
    const mine = [id, runner, attempts];
    try {
      await handlers[task](JSON.parse(payload) as never);
    } catch (error) {
      onFailure(task, error);
      await this.engine.write((manager) => giveBack(manager, isMine, mine, Date.now() + pauseAfter(attempts)));
      return;
    }
    await this.engine.write((manager) => changedBy(manager, `DELETE FROM jobs WHERE ${isMine}`, mine));
  }

  private async renew(runner: string, jobs: readonly Claimed[]): Promise<void> {
    const ids = JSON.stringify(jobs.map(({ id }) => id));
    await this.engine.write((manager) => changedBy(manager, RENEW, [Date.now() + this.lease, runner, ids]));
  }
}

/** What was in hand waits again, not before `at`; unless something else stands in for it by now. */
async function giveBack(
  manager: EntityManager,
  condition: string,
  values: readonly unknown[],
  at: number,
): Promise<void> {
  await changedBy(manager, `DELETE FROM jobs WHERE ${condition} AND ${IS_REPLACED}`, values);
  const runAt = `MAX(run_at, $${values.length + 1})`;
  await changedBy(
    manager,
    `UPDATE jobs SET locked_by = NULL, locked_until = NULL, run_at = ${runAt} WHERE ${condition}`,
    [...values, at],
  );
}

/** 3, 7, 20, 55, 148 and then 403 seconds, as on PostgreSQL. */
function pauseAfter(attempts: number): number {
  return Math.round(Math.exp(Math.min(attempts, 6)) * 1000);
}
