import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions, type TableOptions } from 'typeorm';

/** Users, accounts with their credentials, authorizations, the audit trail, and what the installation knows of itself. */
export class Foundations1795305600000 implements MigrationInterface {
  readonly name = 'Foundations1795305600000';

  async up(runner: QueryRunner): Promise<void> {
    const postgres = runner.dataSource.options.type === 'postgres';
    // Names compare by code unit, as the domain compares them, whatever language the database was made for.
    const key = (name: string): TableColumnOptions => ({ ...text(name), ...(postgres && { collation: 'C' }) });
    const tables: TableOptions[] = [
      {
        name: 'users',
        columns: [
          { ...key('user_id'), isPrimary: true, primaryKeyConstraintName: 'users_pkey' },
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
          { ...key('id'), isPrimary: true, primaryKeyConstraintName: 'accounts_pkey' },
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
          { ...key('access_key'), isPrimary: true, primaryKeyConstraintName: 'credentials_pkey' },
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
          { ...key('user_id'), isPrimary: true, primaryKeyConstraintName: 'authorizations_pkey' },
          { ...key('account_id'), isPrimary: true, primaryKeyConstraintName: 'authorizations_pkey' },
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
        columns: [{ ...key('name'), isPrimary: true, primaryKeyConstraintName: 'installation_pkey' }, text('value')],
      },
    ];
    for (const table of tables) await runner.createTable(new Table(table));
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['installation', 'audit', 'authorizations', 'credentials', 'accounts', 'users'])
      await runner.dropTable(name);
  }
}

const text = (name: string): TableColumnOptions => ({ name, type: 'text' });
const flag = (name: string): TableColumnOptions => ({ name, type: 'boolean' });
/** Milliseconds since 1970, UTC. */
const time = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });

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
