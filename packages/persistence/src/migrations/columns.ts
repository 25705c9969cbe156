import type { QueryRunner, TableColumnOptions } from 'typeorm';

// The kinds of columns that tables are made of. Released migrations use them: add to these and change none.

export const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
export const flag = (name: string): TableColumnOptions => ({ name, type: 'boolean' });
/** Milliseconds since 1970, UTC. */
export const time = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
export const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });

/** Names compare by code unit, as the domain compares them, whatever language the database was made for. */
export function keyFor(runner: QueryRunner): (name: string) => TableColumnOptions {
  const postgres = runner.dataSource.options.type === 'postgres';
  return (name) => ({ ...text(name), ...(postgres && { collation: 'C' }) });
}

export const primary = (constraint: string, column: TableColumnOptions): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: constraint,
});
