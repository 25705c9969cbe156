import { MOST_AHEAD, PlatformError, type Job, type JobQueue, type TaskName } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { reasonOf } from './database-errors.js';
import { isPostgres, rowsOf } from './statement.js';

/** The jobs of one open transaction. */
export function jobQueueOn(manager: EntityManager): JobQueue {
  let added = 0;
  return {
    add: async (job) => {
      if (!isPostgres(manager)) return addToTable(manager, job);
      // The library ends several jobs in one statement, in any order, and breaks down when that meets a deadlock: whoever
      // holds one job waits for no other long enough for that.
      if (added++ === 1) await rowsOf(manager, `SET LOCAL lock_timeout = ${PATIENCE}`, []);
      return addToLibrary(manager, job).catch(orElseStale);
    },
    claimPeriod: (task, period, now) => claimPeriod(manager, task, period, now),
  };
}

async function claimPeriod(manager: EntityManager, task: TaskName, period: number, now: number): Promise<boolean> {
  const claimed = await rowsOf(
    manager,
    `INSERT INTO periods (task, period) VALUES ($1, $2)
     ON CONFLICT (task) DO UPDATE SET period = excluded.period WHERE periods.period < excluded.period OR periods.period > $3
     RETURNING period`,
    [task, period, now + MOST_AHEAD],
  );
  return claimed.length === 1;
}

/** Replaces the job that waits under the same key; one that is in hand is another row. */
async function addToTable(manager: EntityManager, { task, key, queue, payload, at }: Job): Promise<void> {
  await rowsOf(
    manager,
    `INSERT INTO jobs (task, key, queue, payload, run_at, attempts) VALUES ($1, $2, $3, $4, $5, 0)
     ON CONFLICT (key) WHERE locked_by IS NULL
     DO UPDATE SET task = excluded.task, queue = excluded.queue, payload = excluded.payload, run_at = excluded.run_at,
       attempts = 0`,
    [task, key, queue, JSON.stringify(payload), at],
  );
}

/** The highest the library has: what fails is tried for ever. */
const MAX_ATTEMPTS = 32_767;
/** Nobody begins one job so often in a moment. */
const TRIES = 10;
/** Milliseconds; far less than the second after which PostgreSQL looks for deadlocks. */
const PATIENCE = 100;

/** Who gave up waiting begins anew. */
function orElseStale(error: unknown): never {
  throw reasonOf(error) === '55P03' ? new PlatformError('write_was_stale') : error;
}

async function addToLibrary(manager: EntityManager, { task, key, queue, payload, at }: Job): Promise<void> {
  for (let i = 0; i < TRIES; i++) {
    const [added] = await rowsOf(
      manager,
      `SELECT id FROM graphile_worker.add_job($1, payload := $2::json, queue_name := $3, run_at := $4::timestamptz,
         max_attempts := ${MAX_ATTEMPTS}, job_key := $5, job_key_mode := 'replace')`,
      [task, JSON.stringify(payload), queue, new Date(at).toISOString(), key],
    );
    // The library adds nothing when a worker begins the job that waits in that very moment; the next time it sees that.
    if (added?.['id'] !== null && added?.['id'] !== undefined) return;
  }
  throw new PlatformError('write_was_stale');
}
