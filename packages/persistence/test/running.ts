import type { JobHandlers, JobRunner } from '@claviger/domain';

/** A runner at work; every job of its tests is one to deliver, and its webhook is its name. */
export interface Running {
  readonly begun: readonly string[];
  readonly done: readonly string[];
  readonly failures: readonly (readonly [string, unknown])[];
  /** Resolves when the runner has ended. */
  end(): Promise<void>;
}

/** @param job what each takes */
export function running(
  runner: JobRunner,
  job: (name: string) => Promise<unknown> = async () => undefined,
  concurrency = 2,
): Running {
  const [begun, done, failures]: [string[], string[], [string, unknown][]] = [[], [], []];
  let end: () => void = () => undefined;
  const ending = new Promise<void>((resolve) => {
    end = resolve;
  });
  const nothing = async () => undefined;
  const handlers: JobHandlers = {
    deliver: async ({ webhookId }) => {
      begun.push(webhookId);
      await job(webhookId);
      done.push(webhookId);
    },
    'delete-expired': nothing,
    'retire-idle': nothing,
    'warn-of-expiry': nothing,
    'seal-audit': nothing,
    'rotate-signing-keys': nothing,
  };
  const onFailure = (task: string, error: unknown) => void failures.push([task, error]);
  const ended = runner.run(handlers, { ending, concurrency, onFailure });
  return {
    begun,
    done,
    failures,
    end: () => {
      end();
      return ended;
    },
  };
}
