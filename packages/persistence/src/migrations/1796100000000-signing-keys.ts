import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { keyFor, primary, text, time } from './columns.js';

/** The keys that sign ID tokens, each in a box. */
export class SigningKeys1796100000000 implements MigrationInterface {
  readonly name = 'SigningKeys1796100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(
      new Table({
        name: 'signing_keys',
        columns: [
          primary('signing_keys_pkey', keyFor(runner)('id')),
          ...['secret_key', 'secret_box', 'secret_fingerprint'].map(text),
          time('created_at'),
          time('signs_from'),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('signing_keys');
  }
}
