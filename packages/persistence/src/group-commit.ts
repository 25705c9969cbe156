import { setImmediate as nextTurn } from 'node:timers/promises';
import { PlatformError } from '@claviger/domain';
import type { Mutex } from 'async-mutex';
import { isOver } from './patience.js';

/** A connection on which one transaction at a time is open. */
export interface Transactions {
  /** Takes the write lock. Waits for other processes until the deadline. */
  readonly begin: (deadline: number) => Promise<void>;
  readonly run: (statement: (typeof STATEMENTS)[number]) => void;
}

/** All that a group needs beside the beginning. */
export const STATEMENTS = ['SAVEPOINT unit', 'RELEASE unit', 'ROLLBACK TO unit', 'COMMIT', 'ROLLBACK'] as const;

interface Unit {
  readonly deadline: number;
  /** @returns what its caller is told once it is on disk, or once what it left is. @throws when the transaction is gone */
  readonly run: () => Promise<() => void>;
  readonly fail: (error: unknown) => void;
}

/** Other processes wait for the lock meanwhile. */
const MOST = 32;

/**
 * Units of work that wait for each other share one transaction, and so one wait for the disk: that is most of what a
 * small write costs. Each is atomic by itself, sees what those before it did, and is told nothing, good or bad, before
 * the transaction it is part of has been committed; when that fails, all of them have failed.
 */
export function groupCommit(turn: Mutex, { begin, run }: Transactions) {
  const waiting: Unit[] = [];

  const inSavepoint = async <T>(work: () => Promise<T>): Promise<{ value: T } | { error: unknown }> => {
    run('SAVEPOINT unit');
    try {
      const value = await work();
      run('RELEASE unit');
      return { value };
    } catch (error) {
      try {
        run('ROLLBACK TO unit');
        run('RELEASE unit');
      } catch {
        // SQLite has rolled back the whole by itself when the disk failed.
        throw error;
      }
      return { error };
    }
  };

  const commitTogether = async (): Promise<void> => {
    const first = waiting.shift();
    if (!first) return;
    try {
      if (isOver(first.deadline)) throw new PlatformError('database_unavailable');
      await begin(first.deadline);
    } catch (error) {
      // Those behind it have deadlines of their own.
      first.fail(error);
      return;
    }
    const units: Unit[] = [];
    try {
      const outcomes: (() => void)[] = [];
      for (let unit: Unit | undefined = first; unit; unit = units.length < MOST ? waiting.shift() : undefined) {
        units.push(unit);
        outcomes.push(await unit.run());
        // Requests that read are not kept waiting by those that write, and those that write may still join.
        await nextTurn();
      }
      run('COMMIT');
      for (const tell of outcomes) tell();
    } catch (error) {
      rollBack(run);
      for (const unit of units) unit.fail(error);
    }
  };

  return <T>(deadline: number, work: () => Promise<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      const unit = async () => {
        const outcome = await inSavepoint(work);
        return () => ('value' in outcome ? resolve(outcome.value) : reject(outcome.error));
      };
      waiting.push({ deadline, run: unit, fail: reject });
      void turn.runExclusive(commitTogether);
    });
}

function rollBack(run: Transactions['run']): void {
  try {
    run('ROLLBACK');
  } catch {
    // There is nothing left to roll back.
  }
}
