import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { keyFor, optional, primary, text, time } from './columns.js';

/** What the authorization server keeps. What is good for a pair of user and account goes with their authorization. */
export class OAuthArtifacts1795910400000 implements MigrationInterface {
  readonly name = 'OAuthArtifacts1795910400000';

  async up(runner: QueryRunner): Promise<void> {
    const key = keyFor(runner);
    await runner.createTable(
      new Table({
        name: 'oauth_artifacts',
        columns: [
          primary('oauth_artifacts_pkey', key('kind')),
          primary('oauth_artifacts_pkey', key('id_hash')),
          optional(key('grant_hash')),
          optional(key('user_id')),
          optional(key('account_id')),
          text('payload'),
          time('expires_at'),
          optional(time('consumed_at')),
        ],
        indices: [
          { name: 'oauth_artifacts_by_grant', columnNames: ['grant_hash'] },
          { name: 'oauth_artifacts_by_pair', columnNames: ['user_id', 'account_id'] },
          { name: 'oauth_artifacts_by_account', columnNames: ['account_id'] },
          { name: 'oauth_artifacts_by_expiry', columnNames: ['expires_at'] },
        ],
        foreignKeys: [
          belongsTo('oauth_artifacts_user_id_fkey', ['user_id'], 'users', ['user_id']),
          belongsTo('oauth_artifacts_account_id_fkey', ['account_id'], 'accounts', ['id']),
          // Of those that have both; one that has none of either is kept by the other two.
          belongsTo('oauth_artifacts_pair_fkey', ['user_id', 'account_id'], 'authorizations', [
            'user_id',
            'account_id',
          ]),
        ],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('oauth_artifacts');
  }
}

const belongsTo = (
  name: string,
  columnNames: string[],
  referencedTableName: string,
  referencedColumnNames: string[],
) => ({
  name,
  columnNames,
  referencedTableName,
  referencedColumnNames,
  onDelete: 'CASCADE',
});
