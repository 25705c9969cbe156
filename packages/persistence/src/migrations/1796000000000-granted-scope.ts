import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { optional, text, time } from './columns.js';

/** What each artifact lets an application do, and when an application last did it. */
export class GrantedScope1796000000000 implements MigrationInterface {
  readonly name = 'GrantedScope1796000000000';

  async up(runner: QueryRunner): Promise<void> {
    // What was granted before says so only under its seal: it lets an application do nothing.
    await runner.addColumn('oauth_artifacts', new TableColumn({ ...text('scope'), default: "''" }));
    await runner.addColumn('authorizations', new TableColumn(optional(time('last_used_at'))));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('authorizations', 'last_used_at');
    await runner.dropColumn('oauth_artifacts', 'scope');
  }
}
