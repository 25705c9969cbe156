import type { EntityManager, QueryResult, QueryRunner } from 'typeorm';
import type { Row } from './engine.js';

export function isPostgres({ dataSource }: Pick<EntityManager, 'dataSource'>): boolean {
  return dataSource.options.type === 'postgres';
}

/** Gives the rows of one statement, in which `$1`, `$2` and so on stand for the values on both databases. */
export async function rowsOf(
  manager: EntityManager,
  statement: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  return (await run(manager, statement, values)).records as readonly Row[];
}

/** Runs one statement as {@link rowsOf} does, and tells how many rows it changed. */
export async function changedBy(
  manager: EntityManager,
  statement: string,
  values: readonly unknown[] = [],
): Promise<number> {
  return (await run(manager, statement, values)).affected ?? 0;
}

function run(manager: EntityManager, statement: string, values: readonly unknown[]): Promise<QueryResult> {
  const { queryRunner } = manager as { queryRunner?: QueryRunner };
  if (!queryRunner) throw new TypeError('The manager is not that of an engine.');
  if (isPostgres(manager)) return queryRunner.query(statement, [...values], true);
  // The driver for SQLite takes values for nameless places only, one for each.
  const inTurn: unknown[] = [];
  const nameless = statement.replaceAll(/\$(\d+)/g, (_, number: string) => {
    inTurn.push(values[Number(number) - 1]);
    return '?';
  });
  return queryRunner.query(nameless, inTurn, true);
}
