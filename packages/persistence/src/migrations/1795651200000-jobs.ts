import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions.js';
import { keyFor, primary, time } from './columns.js';

/**
 * What is to be done: on PostgreSQL in the schema of the library that runs jobs there, on SQLite in a table of ours.
 * And which period of a task has been claimed, on both.
 */
export class Jobs1795651200000 implements MigrationInterface {
  readonly name = 'Jobs1795651200000';

  async up(runner: QueryRunner): Promise<void> {
    const key = keyFor(runner);
    await runner.createTable(
      new Table({ name: 'periods', columns: [primary('periods_pkey', key('task')), time('period')] }),
    );
    const { options } = runner.dataSource;
    if (options.type === 'postgres') await makeSchemaOfLibrary(options);
    else for (const statement of OWN_QUEUE) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query(postgres ? 'DROP SCHEMA graphile_worker CASCADE' : 'DROP TABLE jobs');
    await runner.dropTable('periods');
  }
}

/** `locked_by` and `locked_until`: in hand of that runner, until then at least. */
const OWN_QUEUE = [
  `CREATE TABLE jobs (
    id integer CONSTRAINT jobs_pkey PRIMARY KEY AUTOINCREMENT,
    task text NOT NULL, key text NOT NULL, queue text NOT NULL, payload text NOT NULL,
    run_at bigint NOT NULL, attempts integer NOT NULL, locked_by text, locked_until bigint)`,
  'CREATE UNIQUE INDEX jobs_waiting_key ON jobs (key) WHERE locked_by IS NULL',
  'CREATE INDEX jobs_waiting ON jobs (run_at, id) WHERE locked_by IS NULL',
  'CREATE INDEX jobs_in_hand ON jobs (locked_until, queue) WHERE locked_by IS NOT NULL',
];

/**
 * On a connection of its own, for the library has transactions of its own: each of its steps is there or not, and what
 * is there is not done again. So it does no harm that this outlives a migration that fails.
 */
async function makeSchemaOfLibrary({ url }: PostgresDataSourceOptions): Promise<void> {
  const [{ Pool }, { Logger, runMigrations }] = await Promise.all([import('pg'), import('graphile-worker')]);
  const pool = new Pool({ ...(url !== undefined && { connectionString: url }), max: 1, application_name: 'claviger' });
  for (const event of ['error', 'connect'] as const) pool.on(event, () => undefined);
  try {
    await runMigrations({
      pgPool: pool,
      schema: 'graphile_worker',
      logger: new Logger(() => () => undefined),
    });
  } finally {
    await pool.end();
  }
}
