import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What counts failures and requests on PostgreSQL; SQLite counts in a file of its own. Here, so that one place makes
 * tables and the service itself needs no right to. Unlogged: a counter may be lost with the server, but costs little.
 */
export class Counters1795478400000 implements MigrationInterface {
  readonly name = 'Counters1795478400000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    for (const table of TABLES) {
      // The library that counts relies on the names and the order of the columns. A window starts with its first count.
      await runner.query(`CREATE UNLOGGED TABLE ${table} (
        key text COLLATE "C" CONSTRAINT ${table}_pkey PRIMARY KEY, points integer NOT NULL, expire bigint NOT NULL)`);
      await runner.query(`CREATE INDEX ${table}_by_expiry ON ${table} (expire)`);
    }
    await runner.query('CREATE INDEX limit_failures_by_points ON limit_failures (points)');
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    for (const table of TABLES) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['limit_failures', 'limit_requests'];
