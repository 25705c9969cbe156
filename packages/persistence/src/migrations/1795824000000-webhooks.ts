import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { flag, keyFor, optional, primary, text, time } from './columns.js';

/** Addresses that hear of events, and each event on its way to each of them. */
export class Webhooks1795824000000 implements MigrationInterface {
  readonly name = 'Webhooks1795824000000';

  async up(runner: QueryRunner): Promise<void> {
    const key = keyFor(runner);
    const integer = (name: string) => ({ name, type: 'integer' });
    await runner.createTable(
      new Table({
        name: 'webhooks',
        columns: [
          primary('webhooks_pkey', key('id')),
          optional(key('account_id')),
          optional(text('app_id')),
          text('url'),
          text('events'),
          optional(text('description')),
          flag('enabled'),
          ...['secret_key', 'secret_box', 'secret_fingerprint'].map(text),
          ...['former_key', 'former_box', 'former_fingerprint'].map((name) => optional(text(name))),
          optional(time('former_until')),
          integer('failures'),
          optional(time('rests_until')),
          time('created_at'),
          time('last_modified_at'),
          integer('version'),
        ],
        indices: [{ name: 'webhooks_by_account', columnNames: ['account_id', 'id'] }],
        foreignKeys: [belongsTo('webhooks_account_id_fkey', 'account_id', 'accounts')],
      }),
    );
    await runner.createTable(
      new Table({
        name: 'deliveries',
        columns: [
          primary('deliveries_pkey', key('webhook_id')),
          // The number of the event's record.
          primary('deliveries_pkey', { name: 'event', type: 'bigint' }),
          text('name'),
          text('body'),
          text('status'),
          time('since'),
          integer('attempts'),
          time('next_at'),
          optional(time('last_attempt_at')),
          optional(text('last_result')),
        ],
        indices: [
          {
            name: 'deliveries_waiting',
            columnNames: ['webhook_id', 'next_at', 'event'],
            where: "status = 'waiting'",
          },
          { name: 'deliveries_dead', columnNames: ['webhook_id', 'event'], where: "status = 'dead'" },
          { name: 'deliveries_settled', columnNames: ['since'], where: "status <> 'waiting'" },
        ],
        foreignKeys: [belongsTo('deliveries_webhook_id_fkey', 'webhook_id', 'webhooks')],
      }),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['deliveries', 'webhooks']) await runner.dropTable(name);
  }
}

const belongsTo = (name: string, column: string, table: string) => ({
  name,
  columnNames: [column],
  referencedTableName: table,
  referencedColumnNames: ['id'],
  onDelete: 'CASCADE',
});
