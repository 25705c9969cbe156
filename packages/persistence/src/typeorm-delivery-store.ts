import type { Delivery, DeliveryStatus, DeliveryStore, EventId, WebhookId } from '@claviger/domain';
import type { EntityManager } from 'typeorm';
import { eventNumber, fromDelivery, hasStatus, toDelivery } from './delivery-rows.js';
import { changedBy, isPostgres, rowsOf } from './statement.js';

/** So many in one statement that there are few. */
const AT_ONCE = 500;

const COLUMNS = [
  ['webhook_id', 'text'],
  ['event', 'bigint'],
  ['name', 'text'],
  ['body', 'text'],
  ['status', 'text'],
  ['since', 'bigint'],
  ['attempts', 'integer'],
  ['next_at', 'bigint'],
  ['last_attempt_at', 'bigint'],
  ['last_result', 'text'],
] as const;
const NAMES = COLUMNS.map(([name]) => name).join(', ');
/** What attempts and replays change. */
const CHANGING = ['status', 'since', 'attempts', 'next_at', 'last_attempt_at', 'last_result'];
const CHANGES = CHANGING.map((name) => `${name} = given.${name}`).join(', ');

/** The deliveries of one JSON parameter as a table. */
const GIVEN = {
  postgres: `json_to_recordset($1::json) AS given(${COLUMNS.map((column) => column.join(' ')).join(', ')})`,
  sqlite: `(SELECT ${COLUMNS.map(([name]) => `value ->> '${name}' AS ${name}`).join(', ')} FROM json_each($1)) AS given`,
} as const;

const ADD = {
  // A webhook that is just being removed is waited for, in an order that is the same for all, and then it is gone.
  postgres: `
    INSERT INTO deliveries (${NAMES})
    SELECT given.* FROM ${GIVEN.postgres} JOIN webhooks ON webhooks.id = given.webhook_id
    ORDER BY given.webhook_id, given.event FOR KEY SHARE OF webhooks
    ON CONFLICT (webhook_id, event) DO NOTHING`,
  sqlite: `
    INSERT INTO deliveries (${NAMES})
    SELECT given.* FROM ${GIVEN.sqlite} JOIN webhooks ON webhooks.id = given.webhook_id
    WHERE TRUE ON CONFLICT (webhook_id, event) DO NOTHING`,
} as const;

const SAVE = {
  // An update locks rows in whatever order it meets them; so they are locked before, in theirs.
  postgres: `
    WITH given AS MATERIALIZED (SELECT * FROM ${GIVEN.postgres}),
    locked AS MATERIALIZED (
      SELECT kept.webhook_id, kept.event FROM deliveries kept
      JOIN given ON kept.webhook_id = given.webhook_id AND kept.event = given.event
      ORDER BY kept.webhook_id, kept.event FOR NO KEY UPDATE OF kept
    )
    UPDATE deliveries SET ${CHANGES}
    FROM locked JOIN given ON locked.webhook_id = given.webhook_id AND locked.event = given.event
    WHERE deliveries.webhook_id = locked.webhook_id AND deliveries.event = locked.event`,
  sqlite: `
    UPDATE deliveries SET ${CHANGES} FROM ${GIVEN.sqlite}
    WHERE deliveries.webhook_id = given.webhook_id AND deliveries.event = given.event`,
} as const;

export const NEXT_DUE = `SELECT MIN(next_at) AS next FROM deliveries WHERE webhook_id = $1 AND ${hasStatus('waiting')}`;

export function oldestDeliveries(status: DeliveryStatus): string {
  return `SELECT * FROM deliveries WHERE webhook_id = $1 AND ${hasStatus(status)} ORDER BY event LIMIT $2`;
}

export const REMOVE_SETTLED = `
  DELETE FROM deliveries WHERE (webhook_id, event) IN (
    SELECT webhook_id, event FROM deliveries WHERE status <> 'waiting' AND since < $1 ORDER BY since LIMIT $2
  )`;

/** The deliveries of one open transaction. */
export class TypeOrmDeliveryStore implements DeliveryStore {
  constructor(private readonly manager: EntityManager) {}

  async find(id: WebhookId, eventId: EventId): Promise<Delivery | null> {
    const event = eventNumber(eventId);
    // PostgreSQL refuses to look for a text with NUL.
    if (event === null || id.includes('\0')) return null;
    const statement = 'SELECT * FROM deliveries WHERE webhook_id = $1 AND event = $2';
    const [row] = await rowsOf(this.manager, statement, [id, event]);
    return row ? toDelivery(row) : null;
  }

  addAll(deliveries: readonly Delivery[]): Promise<void> {
    return this.writeAll(ADD, deliveries);
  }

  saveAll(deliveries: readonly Delivery[]): Promise<void> {
    return this.writeAll(SAVE, deliveries);
  }

  async nextDue(id: WebhookId): Promise<number | null> {
    const [row] = await rowsOf(this.manager, NEXT_DUE, [id]);
    const next = row?.['next'] ?? null;
    return next === null ? null : Number(next);
  }

  async ofStatus(id: WebhookId, status: DeliveryStatus, limit: number): Promise<readonly Delivery[]> {
    return (await rowsOf(this.manager, oldestDeliveries(status), [id, limit])).map(toDelivery);
  }

  removeSettled(before: number, limit: number): Promise<number> {
    return changedBy(this.manager, REMOVE_SETTLED, [before, limit]);
  }

  private async writeAll(
    statement: Readonly<Record<'postgres' | 'sqlite', string>>,
    deliveries: readonly Delivery[],
  ): Promise<void> {
    const rows = deliveries.map(fromDelivery);
    for (let from = 0; from < rows.length; from += AT_ONCE)
      await rowsOf(this.manager, statement[isPostgres(this.manager) ? 'postgres' : 'sqlite'], [
        JSON.stringify(rows.slice(from, from + AT_ONCE)),
      ]);
  }
}
