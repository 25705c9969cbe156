import { Table, type MigrationInterface, type QueryRunner, type TableOptions } from 'typeorm';
import { flag, keyFor, optional, primary, text, time } from './columns.js';

/** Users, accounts with their credentials, authorizations, the audit trail, and what the installation knows of itself. */
export class Foundations1795305600000 implements MigrationInterface {
  readonly name = 'Foundations1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    const key = keyFor(runner);
    const tables: TableOptions[] = [
      {
        name: 'users',
        columns: [
          primary('users_pkey', key('user_id')),
          optional(text('name')),
          optional(text('password_hash')),
          flag('admin'),
          flag('locked'),
          ...written,
        ],
      },
      {
        name: 'accounts',
        columns: [
          primary('accounts_pkey', key('id')),
          text('app_id'),
          key('app_id_key'),
          key('owner'),
          flag('locked'),
          text('grant_types'),
          text('scope'),
          optional(text('homepage_url')),
          optional(text('redirect_uri')),
          optional(text('avatar_url')),
          optional(text('description')),
          optional(text('description_key')),
          ...written,
        ],
        indices: [
          { name: 'accounts_app_id_key', columnNames: ['app_id_key'], isUnique: true },
          // Each kind of list walks one index in the order of its pages.
          { name: 'accounts_by_owner', columnNames: ['owner', 'id'] },
          { name: 'accounts_by_locked', columnNames: ['locked', 'id'] },
          ...['PLATFORM', 'AUTHORIZATION_CODE'].map((word) => indexOfMembers('grant_types', word)),
          ...['SYSTEM', 'PROJECT', 'REPO', 'NODE'].map((word) => indexOfMembers('scope', word)),
        ],
      },
      {
        name: 'credentials',
        columns: [
          primary('credentials_pkey', key('access_key')),
          key('account_id'),
          { name: 'position', type: 'integer' },
          text('secret_mac'),
          key('secret_pepper'),
          text('secret_hint'),
          text('grant_type'),
          text('status'),
          time('created_at'),
          optional(time('expires_at')),
        ],
        indices: [
          { name: 'credentials_by_account', columnNames: ['account_id'] },
          { name: 'credentials_by_pepper', columnNames: ['secret_pepper'] },
        ],
        foreignKeys: [ofAccount('credentials_account_id_fkey')],
      },
      {
        name: 'authorizations',
        columns: [
          primary('authorizations_pkey', key('user_id')),
          primary('authorizations_pkey', key('account_id')),
          text('scope'),
          time('granted_at'),
        ],
        indices: [{ name: 'authorizations_by_account', columnNames: ['account_id'] }],
        foreignKeys: [ofAccount('authorizations_account_id_fkey')],
      },
      {
        name: 'audit',
        columns: [
          {
            name: 'id',
            type: postgres ? 'bigint' : 'integer',
            isPrimary: true,
            isGenerated: true,
            generationStrategy: 'increment',
            primaryKeyConstraintName: 'audit_pkey',
          },
          time('at'),
          text('name'),
          text('by_kind'),
          optional(text('by_user')),
          optional(text('by_app')),
          text('subject_kind'),
          text('subject_id'),
          text('details'),
        ],
        indices: [{ name: 'audit_by_time', columnNames: ['at', 'id'] }],
      },
      {
        name: 'installation',
        columns: [primary('installation_pkey', key('name')), text('value')],
      },
    ];
    for (const table of tables) await runner.createTable(new Table(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['installation', 'audit', 'authorizations', 'credentials', 'accounts', 'users'])
      await runner.dropTable(name);
  }
}

const written = [time('created_at'), time('last_modified_at'), { name: 'version', type: 'integer' }];

const ofAccount = (name: string) => ({
  name,
  columnNames: ['account_id'],
  referencedTableName: 'accounts',
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE',
});

/** The accounts whose set holds the word, in the order of their pages; no word of a set is part of another. */
const indexOfMembers = (column: string, word: string) => ({
  name: `accounts_with_${word.toLowerCase()}`,
  columnNames: ['id'],
  where: `${column} LIKE '%${word}%'`,
});
