import type { JobLag } from '@claviger/domain';
import type { Engine } from './engine.js';
import { rowsOf } from './statement.js';

/** What a runner calls itself when it tells of a failure that is not that of a job. */
export const RUNNER_ITSELF = 'job-runner';

/** @param statement gives how many jobs are `due` at `$1` and since when the `oldest` is, in milliseconds */
export async function lagIn(engine: Engine, statement: string): Promise<JobLag> {
  const [row] = await engine.read((manager) => rowsOf(manager, statement, [Date.now()]));
  const oldest = row?.['oldest'] ?? null;
  return { due: Number(row?.['due'] ?? 0), oldest: oldest === null ? null : Number(oldest) };
}
