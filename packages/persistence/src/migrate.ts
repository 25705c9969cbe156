import { MigrationExecutor, type QueryRunner } from 'typeorm';
import { DatabaseUnusable } from './database-errors.js';
import type { Engine } from './engine.js';
import { MIGRATION_NAMES } from './migrations/index.js';

/** By the migrations' names, in the order in which they run. */
export interface MigrationState {
  readonly applied: readonly string[];
  readonly pending: readonly string[];
  /** Run by a newer program than this one. */
  readonly unknown: readonly string[];
}

/** Runs what is pending, all or nothing. Gives the names of what this process ran. */
export function runMigrations(engine: Engine): Promise<readonly string[]> {
  return engine.migrate(async (_manager, runner) => {
    // Read again: another process may have been first.
    const { pending } = demandKnown(await migrationState(runner));
    if (pending.length === 0) return [];
    const executor = new MigrationExecutor(runner.dataSource, runner);
    // The transaction is open already.
    executor.transaction = 'none';
    return (await executor.executePendingMigrations()).map(({ name }) => name);
  });
}

export function readMigrationState(engine: Engine): Promise<MigrationState> {
  return engine.read((_manager, runner) => migrationState(runner));
}

/** @throws DatabaseUnusable when the database is newer than this program: nobody knows what it would break. */
export function demandKnown(state: MigrationState): MigrationState {
  const names = state.unknown.join(', ');
  if (names !== '') throw new DatabaseUnusable(`it is newer than this program, which does not know ${names}`);
  return state;
}

async function migrationState(runner: QueryRunner): Promise<MigrationState> {
  const applied = await appliedMigrations(runner);
  return {
    applied,
    pending: MIGRATION_NAMES.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !MIGRATION_NAMES.includes(name)),
  };
}

async function appliedMigrations(runner: QueryRunner): Promise<readonly string[]> {
  if (!(await runner.hasTable('migrations'))) return [];
  const rows = (await runner.query('SELECT name FROM migrations ORDER BY id')) as { name: string }[];
  return rows.map(({ name }) => name);
}
