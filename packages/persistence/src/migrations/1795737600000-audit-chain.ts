import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Records that tell more, in a chain of hashes, and who was told of them; and of which days before their end credentials
 * have warned. In words of our own: TypeORM would copy the whole table to add a column on SQLite.
 */
export class AuditChain1795737600000 implements MigrationInterface {
  readonly name = 'AuditChain1795737600000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    await runner.query('ALTER TABLE credentials ADD COLUMN warned_of_expiry integer');
    // A process of the version before, which may still be running, leaves all of them out.
    for (const column of COLUMNS) await runner.query(`ALTER TABLE audit ADD COLUMN ${column}`);
    // Nobody waits to be told of what was done before; the subject's name stood among the details.
    const details = postgres ? 'details::json' : 'details';
    await runner.query(`UPDATE audit SET published = TRUE,
      subject_name = COALESCE(${details} ->> 'appId', ${details} ->> 'userId', subject_id)`);
    for (const [name, on] of indexes(postgres)) await runner.query(`CREATE INDEX ${name} ON audit ${on}`);
    await runner.query(
      'CREATE UNIQUE INDEX audit_seal_number_key ON audit (seal_number) WHERE seal_number IS NOT NULL',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    for (const name of ['audit_seal_number_key', ...indexes(postgres).map(([index]) => index)])
      await runner.query(`DROP INDEX ${name}`);
    for (const column of COLUMNS.toReversed())
      await runner.query(`ALTER TABLE audit DROP COLUMN ${String(column.split(' ')[0])}`);
    await runner.query('ALTER TABLE credentials DROP COLUMN warned_of_expiry');
  }
}

const COLUMNS = [
  'by_address text',
  'by_trace text',
  'subject_name text',
  'before text',
  'after text',
  'seal_number bigint',
  'seal_hash text',
  'published boolean NOT NULL DEFAULT FALSE',
];

/** Each kind of list walks one index in the order of its pages; what waits is found in one that has nothing else. */
const indexes = (postgres: boolean): readonly (readonly [string, string])[] => [
  ['audit_by_user', '(by_user, id) WHERE by_user IS NOT NULL'],
  ['audit_by_app', '(by_app, id) WHERE by_app IS NOT NULL'],
  ['audit_by_address', '(by_address, id) WHERE by_address IS NOT NULL'],
  ['audit_by_trace', '(by_trace, id) WHERE by_trace IS NOT NULL'],
  ['audit_by_subject', '(subject_id, id)'],
  ['audit_by_subject_name', '(subject_name, id)'],
  ['audit_by_name', '(name, id)'],
  // The part of the name before its dot.
  ['audit_by_family', `((${postgres ? "split_part(name, '.', 1)" : "substr(name, 1, instr(name, '.') - 1)"}), id)`],
  ['audit_unpublished', '(id, at) WHERE NOT published'],
  ['audit_unsealed', '(id, at) WHERE seal_number IS NULL'],
];
