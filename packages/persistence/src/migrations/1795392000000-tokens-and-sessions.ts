import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { keyFor, optional, primary, text, time } from './columns.js';

/** Access tokens and sessions. They belong to a user and go with them. */
export class TokensAndSessions1795392000000 implements MigrationInterface {
  readonly name = 'TokensAndSessions1795392000000';

  async up(runner: QueryRunner): Promise<void> {
    const key = keyFor(runner);
    const bearers = (name: string, ...more: TableColumnOptions[]) =>
      new Table({
        name,
        columns: [
          primary(`${name}_pkey`, key('id')),
          key('user_id'),
          key('mac'),
          time('created_at'),
          time('expires_at'),
          ...more,
        ],
        indices: [
          { name: `${name}_mac_key`, columnNames: ['mac'], isUnique: true },
          { name: `${name}_by_user`, columnNames: ['user_id', 'id'] },
          { name: `${name}_by_expiry`, columnNames: ['expires_at', 'id'] },
        ],
        foreignKeys: [
          {
            name: `${name}_user_id_fkey`,
            columnNames: ['user_id'],
            referencedTableName: 'users',
            referencedColumnNames: ['user_id'],
            onDelete: 'CASCADE',
          },
        ],
      });
    await runner.createTable(bearers('access_tokens', optional(text('name')), optional(time('last_used_at'))));
    await runner.createTable(bearers('sessions', optional(text('address')), optional(text('user_agent'))));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['sessions', 'access_tokens']) await runner.dropTable(name);
  }
}
