import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * PostgreSQL tells whoever listens, and counts for whoever looks, when something changes that requests are judged by:
 * those keep what they have read. SQLite counts its commits itself. To come is no change, for nobody keeps what is not
 * there; to have been used is none either.
 */
export class ChangeCounts1796200000000 implements MigrationInterface {
  readonly name = 'ChangeCounts1796200000000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    for (const statement of [COUNTS, NOTE, ...Object.entries(CHANGES).map(triggerOn)]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    for (const table of Object.keys(CHANGES)) await runner.query(`DROP TRIGGER ${NAME} ON ${table}`);
    for (const statement of [`DROP FUNCTION ${NAME}()`, 'DROP TABLE change_counts']) await runner.query(statement);
  }
}

const NAME = 'claviger_note_change';

/** One row for each backend: two that change something never wait for each other. */
const COUNTS = `CREATE TABLE change_counts (
  backend integer CONSTRAINT change_counts_pkey PRIMARY KEY, changes bigint NOT NULL) WITH (fillfactor = 50)`;

/** Told with the time at which the transaction began, so that several of one transaction are told once. */
const NOTE = `CREATE FUNCTION ${NAME}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO change_counts VALUES (pg_backend_pid(), 1)
    ON CONFLICT (backend) DO UPDATE SET changes = change_counts.changes + 1;
  PERFORM pg_notify('claviger_changes', ROUND(EXTRACT(EPOCH FROM now()) * 1000)::text);
  RETURN NULL;
END $$`;

const STATEMENT = 'FOR EACH STATEMENT';
const CHANGES: Readonly<Record<string, string>> = {
  users: `UPDATE OR DELETE OR TRUNCATE ON users ${STATEMENT}`,
  accounts: `UPDATE OR DELETE OR TRUNCATE ON accounts ${STATEMENT}`,
  credentials: `UPDATE OF account_id, secret_mac, secret_pepper, grant_type, status, expires_at, superseded_by, superseded_at,
    superseded_retire, superseded_overlap, superseded_expiry OR DELETE OR TRUNCATE ON credentials ${STATEMENT}`,
  access_tokens: `UPDATE OF user_id, mac, expires_at OR DELETE OR TRUNCATE ON access_tokens ${STATEMENT}`,
  sessions: `UPDATE OR DELETE OR TRUNCATE ON sessions ${STATEMENT}`,
  // Put is to insert or to update: of the statement nobody could say which.
  oauth_artifacts: 'UPDATE OR DELETE ON oauth_artifacts FOR EACH ROW',
};

function triggerOn([, change]: [string, string]): string {
  return `CREATE TRIGGER ${NAME} AFTER ${change} EXECUTE FUNCTION ${NAME}()`;
}
