import { EventEmitter } from 'node:events';
import type { JobHandlers, JobLag, JobRunner, JobRunnerOptions, TaskName } from '@claviger/domain';
import type { Logger } from 'graphile-worker';
import type { Pool, PoolConfig } from 'pg';
import { bell } from './bell.js';
import { translateError } from './database-errors.js';
import type { Engine } from './engine.js';
import { lagIn, RUNNER_ITSELF } from './job-lag.js';
import { isSilent, showSignOfLife } from './sign-of-life.js';

/** Milliseconds. New jobs are told of at once; jobs of later, and those whose queue was in hand, are found by looking. */
const POLL = 500;
/** Between two looks for runners that are gone. */
const WATCH = 2_000;
/** How long what is in hand may take once the library breaks down. */
const LAST_WORDS = 2_000;
/** After a runner that could not go on. */
const PAUSE = 1_000;
/**
 * One listens, and the others look for jobs. Few: of two that look at once, one finds the queues locked and comes away
 * with nothing, until it looks again.
 */
const CONNECTIONS = 3;

const SILENT = `
  SELECT locked_by AS name FROM (SELECT DISTINCT locked_by FROM graphile_worker.jobs WHERE locked_by IS NOT NULL) runners
  WHERE ${isSilent('locked_by')}`;
const FREE = 'SELECT graphile_worker.force_unlock_workers($1::text[])';
/** In turn: */
const KEEPING_ORDER = [
  // The library would let pauses grow to six hours, and give up at last.
  `SELECT graphile_worker.reschedule_jobs(ARRAY(
     SELECT id FROM graphile_worker.jobs WHERE locked_at IS NULL AND attempts > 5 AND attempts < max_attempts
   ), attempts => 5)`,
  // What failed, or was in hand of a runner that is gone, when another job stood in for it already.
  `SELECT graphile_worker.complete_jobs(ARRAY(
     SELECT id FROM graphile_worker.jobs WHERE locked_at IS NULL AND attempts >= max_attempts AND key IS NULL
   ))`,
  // Left behind when a runner was thought to be gone that was not: two were done with one job.
  `UPDATE graphile_worker._private_job_queues queues SET locked_at = NULL, locked_by = NULL
   WHERE locked_by IS NOT NULL AND NOT EXISTS (
     SELECT 1 FROM graphile_worker._private_jobs jobs
     WHERE jobs.job_queue_id = queues.id AND jobs.locked_by = queues.locked_by
   )`,
];

const LAG = `
  SELECT COUNT(*) AS due, ROUND(EXTRACT(EPOCH FROM MIN(run_at)) * 1000) AS oldest FROM graphile_worker.jobs
  WHERE locked_at IS NULL AND attempts < max_attempts AND run_at <= to_timestamp($1::float8 / 1000)`;

/** Runs the jobs of a PostgreSQL database by a library. It is loaded by whoever runs jobs, and by nobody else. */
export class PostgresJobRunner implements JobRunner {
  constructor(
    private readonly engine: Engine,
    private readonly connection: PoolConfig,
    private readonly watch = WATCH,
  ) {}

  async run(handlers: JobHandlers, given: JobRunnerOptions): Promise<void> {
    const { rest, end, hasEnded } = bell();
    let workers: Workers | undefined;
    void given.ending.then(end).then(() => workers?.end());
    while (!hasEnded()) {
      try {
        workers = await startWorkers(this.connection, this.watch, handlers, given);
        if (hasEnded()) workers.end();
        await workers.done;
      } catch (error) {
        given.onFailure(RUNNER_ITSELF, translateError(error));
      }
      await rest(PAUSE);
    }
  }

  lag(): Promise<JobLag> {
    return lagIn(this.engine, LAG);
  }
}

interface Workers {
  /** Begins no job any more. */
  end(): void;
  readonly done: Promise<void>;
}

async function startWorkers(
  connection: PoolConfig,
  watch: number,
  handlers: JobHandlers,
  { concurrency, onFailure }: JobRunnerOptions,
): Promise<Workers> {
  const [{ Client, Pool }, { Logger, runTaskList }] = await Promise.all([import('pg'), import('graphile-worker')]);
  const pool = new Pool({ ...connection, max: CONNECTIONS });
  // A connection that breaks fails the statement it is at, and is replaced.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  // The library never gets over it when its very first statement fails.
  await pool.query('SELECT 1 FROM graphile_worker.jobs LIMIT 1').catch((error: unknown) => {
    void pool.end();
    throw error;
  });

  const events = new EventEmitter();
  // Its other way to start would change its schema, read files and run what is in them.
  const workers = runTaskList(
    {
      concurrency,
      pollInterval: POLL,
      noHandleSignals: true,
      // `at` is told by the same clock.
      useNodeTime: true,
      schema: 'graphile_worker',
      logger: quietLogger(Logger, onFailure),
      events,
      // It asks before each job; nobody begins one who might be taken for gone.
      forbiddenFlags: async () => {
        await Promise.resolve();
        await sign.shown();
        return [];
      },
      // Without a batch, an end that cannot be written down ends the process.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    },
    tasksOf(handlers, onFailure),
    pool,
  );
  const sign = showSignOfLife(
    () => new Client(connection),
    workers.id,
    (error) => onFailure(RUNNER_ITSELF, translateError(error)),
  );
  const watching = watchOthers(pool, watch);

  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    // How it ends is told by the promise of the workers.
    Promise.resolve(workers.gracefulShutdown()).catch(() => undefined);
    sign.waitNoLonger();
  };
  let works = false;
  for (const sight of ['job:start', 'worker:getJob:empty']) events.once(sight, () => (works = true));
  events.on('worker:getJob:error', () => {
    if (!works) end();
  });
  const broken = new Promise<never>((_, reject) => {
    // What could not be written down ends the library's workers; it miscounts then, and may wait for their end for ever.
    events.once('pool:fatalError', ({ error }: { error: unknown }) => {
      setTimeout(() => reject(error as Error), LAST_WORDS);
    });
  });
  const work = async () => {
    try {
      await Promise.race([workers.promise, broken]);
    } catch (error) {
      // Nobody need find out first that these are gone.
      await pool.query(FREE, [[workers.id]]).catch(() => undefined);
      throw error;
    } finally {
      isEnding = true;
      sign.waitNoLonger();
      await Promise.all([sign.end(), watching.end()]);
      void pool.end().catch(() => undefined);
    }
  };
  return { end, done: work() };
}

function tasksOf(
  handlers: JobHandlers,
  onFailure: JobRunnerOptions['onFailure'],
): Record<string, (payload: unknown) => Promise<void>> {
  const names = Object.keys(handlers) as TaskName[];
  const attempt = (name: TaskName) => async (payload: unknown) => {
    try {
      await handlers[name](payload as never);
    } catch (error) {
      onFailure(name, error);
      // The library keeps the message in its table.
      throw new Error('It failed.', { cause: error });
    }
  };
  return Object.fromEntries(names.map((name) => [name, attempt(name)]));
}

/** The library tells of payloads, addresses and successes; here only what went wrong is told, and by its cause. */
function quietLogger(Loggers: typeof Logger, onFailure: JobRunnerOptions['onFailure']): Logger {
  return new Loggers(() => (level, message, meta = {}) => {
    // A job that failed has told already.
    if (!/^error$/.test(level) || meta['failure'] === true) return;
    onFailure(RUNNER_ITSELF, translateError(meta['error'] ?? new Error(message)));
  });
}

/** Frees what runners have in hand that are gone: the library would leave it to them for four hours. */
function watchOthers(pool: Pool, every: number): { end(): Promise<void> } {
  const { rest, end, hasEnded } = bell();
  let suspects: readonly string[] = [];
  let looks = 0;
  const look = async () => {
    const { rows } = await pool.query<{ name: string }>(SILENT);
    const silent = rows.map(({ name }) => name);
    // Who was silent once may just have lost a connection, or has not even begun to speak.
    const gone = silent.filter((name) => suspects.includes(name));
    suspects = silent;
    if (gone.length > 0) await pool.query(FREE, [gone]);
    const order = KEEPING_ORDER[++looks % (5 * KEEPING_ORDER.length)];
    if (order !== undefined) await pool.query(order);
  };
  const keepLooking = async () => {
    while (!hasEnded()) {
      // The workers tell when the database is away.
      await look().catch(() => undefined);
      await rest(every);
    }
  };
  const watching = keepLooking();
  return {
    end: () => {
      end();
      return watching;
    },
  };
}
