import type { EntityManager, EntityMetadata, EntitySchema, QueryResult, QueryRunner } from 'typeorm';
import type { ColumnMetadata } from 'typeorm/metadata/ColumnMetadata.js';
import { isPostgres } from './statement.js';

// The statements of units of work, in the words of the schemas. TypeORM's own builders would make each anew each time,
// which takes longer than the database; here each is made once.

/** Writes a new row. */
export async function insert<R extends object>(
  manager: EntityManager,
  schema: EntitySchema<R>,
  row: Partial<R>,
): Promise<void> {
  const { columns, statement } = kept(manager, schema, 'INSERT', (metadata, place) => {
    const given = metadata.columns.filter(({ isGenerated }) => !isGenerated);
    const places = given.map((_, at) => place(at)).join(', ');
    return { columns: given, statement: `INSERT INTO "${metadata.tableName}" (${namesOf(given)}) VALUES (${places})` };
  });
  await run(manager, statement, valuesOf(manager, columns, row));
}

/** Reads the rows that have these values. @param more what stands behind the condition; a constant */
export async function select<R extends object>(
  manager: EntityManager,
  schema: EntitySchema<R>,
  where: Partial<R>,
  more = '',
): Promise<R[]> {
  const { columns, statement } = kept(manager, schema, `SELECT ${keysOf(where)} ${more}`, (metadata, place) => {
    const condition = conditionOf(columnsOf(metadata, where), place);
    const text = `SELECT ${namesOf(metadata.columns)} FROM "${metadata.tableName}" WHERE ${condition} ${more}`;
    return { columns: columnsOf(metadata, where), statement: text };
  });
  const { records } = await run(manager, statement, valuesOf(manager, columns, where));
  const all = manager.dataSource.getMetadata(schema).columns;
  return (records as Record<string, unknown>[]).map((record) => rowOf(manager, all, record) as R);
}

/** Changes the rows that have these values. @returns how many there were */
export async function update<R extends object>(
  manager: EntityManager,
  schema: EntitySchema<R>,
  where: Partial<R>,
  values: Partial<R>,
): Promise<number> {
  const { columns, statement } = kept(
    manager,
    schema,
    `UPDATE ${keysOf(where)} ${keysOf(values)}`,
    (metadata, place) => {
      const [changed, found] = [columnsOf(metadata, values), columnsOf(metadata, where)];
      const changes = changed.map(({ databaseName }, at) => `"${databaseName}" = ${place(at)}`).join(', ');
      const condition = conditionOf(found, (at) => place(changed.length + at));
      return {
        columns: [...changed, ...found],
        statement: `UPDATE "${metadata.tableName}" SET ${changes} WHERE ${condition}`,
      };
    },
  );
  const changed = Object.keys(values).length;
  const given = [
    ...valuesOf(manager, columns.slice(0, changed), values),
    ...valuesOf(manager, columns.slice(changed), where),
  ];
  return (await run(manager, statement, given)).affected ?? 0;
}

interface TableStatement {
  readonly statement: string;
  /** What its places stand for. */
  readonly columns: readonly ColumnMetadata[];
}

type Place = (at: number) => string;

const statements = new WeakMap<EntityMetadata, Map<string, TableStatement>>();

function kept<R extends object>(
  manager: EntityManager,
  schema: EntitySchema<R>,
  name: string,
  make: (metadata: EntityMetadata, place: Place) => TableStatement,
): TableStatement {
  const metadata = manager.dataSource.getMetadata(schema);
  const ofTable = statements.get(metadata) ?? new Map<string, TableStatement>();
  statements.set(metadata, ofTable);
  const known = ofTable.get(name);
  if (known) return known;
  const place: Place = isPostgres(manager) ? (at) => `$${at + 1}` : () => '?';
  const made = make(metadata, place);
  ofTable.set(name, made);
  return made;
}

function run(manager: EntityManager, statement: string, values: unknown[]): Promise<QueryResult> {
  const { queryRunner } = manager as EntityManager & { queryRunner?: QueryRunner };
  if (!queryRunner) throw new TypeError('The manager is not that of an engine.');
  return queryRunner.query(statement, values, true);
}

function keysOf(row: object): string {
  return Object.keys(row).join(',');
}

function columnsOf(metadata: EntityMetadata, row: object): ColumnMetadata[] {
  return Object.keys(row).map((name) => {
    const column = metadata.findColumnWithPropertyName(name);
    if (!column) throw new TypeError(`${metadata.tableName} has no ${name}.`);
    return column;
  });
}

function namesOf(columns: readonly ColumnMetadata[]): string {
  return columns.map(({ databaseName }) => `"${databaseName}"`).join(', ');
}

function conditionOf(columns: readonly ColumnMetadata[], place: Place): string {
  return columns.map(({ databaseName }, at) => `"${databaseName}" = ${place(at)}`).join(' AND ');
}

function valuesOf({ dataSource }: EntityManager, columns: readonly ColumnMetadata[], row: object): unknown[] {
  return columns.map((column) => {
    const value = (row as Record<string, unknown>)[column.propertyName] ?? null;
    return value === null ? null : (dataSource.driver.preparePersistentValue(value, column) as unknown);
  });
}

function rowOf(
  { dataSource }: EntityManager,
  columns: readonly ColumnMetadata[],
  record: Record<string, unknown>,
): object {
  const hydrated = columns.map((column): [string, unknown] => [
    column.propertyName,
    dataSource.driver.prepareHydratedValue(record[column.databaseName], column),
  ]);
  return Object.fromEntries(hydrated);
}
