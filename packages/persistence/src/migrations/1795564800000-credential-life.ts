import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When credentials were last used, and which one takes whose place. */
export class CredentialLife1795564800000 implements MigrationInterface {
  readonly name = 'CredentialLife1795564800000';

  async up(runner: QueryRunner): Promise<void> {
    const key = runner.dataSource.options.type === 'postgres' ? 'text COLLATE "C"' : 'text';
    // In words of their own: TypeORM would copy the whole table to add a column on SQLite.
    for (const column of COLUMNS)
      await runner.query(`ALTER TABLE credentials ADD COLUMN ${column.name} ${column.type ?? key}`);
    // Not for last uses: what is found by them is most of the table, and every use would have to move in the index.
    await runner.query(
      'CREATE INDEX credentials_by_expiry ON credentials (expires_at, account_id) WHERE expires_at IS NOT NULL',
    );
    await runner.query(
      "CREATE INDEX credentials_retiring_when_idle ON credentials (account_id) WHERE superseded_retire = 'after-idle'",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const index of ['credentials_retiring_when_idle', 'credentials_by_expiry'])
      await runner.query(`DROP INDEX ${index}`);
    for (const { name } of COLUMNS) await runner.query(`ALTER TABLE credentials DROP COLUMN ${name}`);
  }
}

const COLUMNS: readonly { name: string; type?: string }[] = [
  { name: 'last_used_at', type: 'bigint' },
  { name: 'last_used_from', type: 'text' },
  { name: 'superseded_by' },
  { name: 'superseded_at', type: 'bigint' },
  { name: 'superseded_retire', type: 'text' },
  { name: 'superseded_overlap', type: 'bigint' },
  { name: 'superseded_expiry', type: 'bigint' },
];
