/** What a worker can be asked to do, each with what it has to know. */
export interface Tasks {
  readonly deliver: { readonly webhookId: string };
  readonly 'delete-expired': Nothing;
  readonly 'retire-idle': Nothing;
  readonly 'warn-of-expiry': Nothing;
  readonly 'seal-audit': Nothing;
  readonly 'rotate-signing-keys': Nothing;
}

/** `{}`: there is nothing to know. */
type Nothing = Readonly<Record<string, never>>;

export type TaskName = keyof Tasks;

export type Job = { readonly [Name in TaskName]: JobOf<Name> }[TaskName];

export interface JobOf<Name extends TaskName> {
  readonly task: Name;
  readonly payload: Tasks[Name];
  /** Of jobs with one key at most one waits: the one that was added last. */
  readonly key: string;
  /** Of jobs with one queue at most one runs at any time. */
  readonly queue: string;
  /** Not to be begun before; milliseconds since 1970. */
  readonly at: number;
}

/** So far the clocks of two machines may be apart; milliseconds. */
export const MOST_AHEAD = 3_600_000;

/** Part of a unit of work: what is to be done once the unit is committed, and never when it is not. */
export interface JobQueue {
  add(job: Job): Promise<void>;
  /**
   * Whether nobody has claimed this period of the task before; from the end of the unit on, it is claimed.
   * @param period when it begins, milliseconds since 1970
   * @param now a claim of a period that begins {@link MOST_AHEAD} after that was made by a clock that was wrong, and counts for nothing
   */
  claimPeriod(task: TaskName, period: number, now: number): Promise<boolean>;
}

export type JobHandlers = { readonly [Name in TaskName]: (payload: Tasks[Name]) => Promise<void> };

/** Runs what is in the queue: each job at least once, soon after it is due, whatever becomes of the process that began it. */
export interface JobRunner {
  /**
   * Runs jobs until it is told to end and those in hand are done. A job that fails is tried again, later and later.
   * @param onFailure told of each failure
   */
  run(handlers: JobHandlers, given: JobRunnerOptions): Promise<void>;
  lag(): Promise<JobLag>;
}

export interface JobRunnerOptions {
  /** Resolves when no further job is to be begun. */
  readonly ending: Promise<void>;
  /** How many jobs may be in hand at once. */
  readonly concurrency: number;
  readonly onFailure: (task: string, error: unknown) => void;
}

export interface JobLag {
  /** Jobs that are due and have not been begun. */
  readonly due: number;
  /** When the one that has waited longest was due, milliseconds since 1970; null when none waits. */
  readonly oldest: number | null;
}
