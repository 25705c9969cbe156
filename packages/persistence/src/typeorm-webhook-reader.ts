import type {
  AccountId,
  Delivery,
  DeliveryStatus,
  EventId,
  Page,
  Webhook,
  WebhookId,
  WebhookReader,
} from '@claviger/domain';
import { MoreThan } from 'typeorm';
import { eventNumber, hasStatus, toDelivery } from './delivery-rows.js';
import type { Engine } from './engine.js';
import { WEBHOOKS } from './schemas.js';
import { rowsOf } from './statement.js';
import { toWebhook } from './webhook-rows.js';

export const DUE = `
  SELECT * FROM deliveries WHERE webhook_id = $1 AND ${hasStatus('waiting')} AND next_at <= $2
  ORDER BY next_at, event LIMIT $3`;

/** @param status all of them when undefined */
export function newestDeliveries(status: DeliveryStatus | undefined): string {
  return `SELECT * FROM deliveries WHERE webhook_id = $1 AND event < $2 AND ${status ? hasStatus(status) : 'TRUE'}
    ORDER BY event DESC LIMIT $3`;
}

export class TypeOrmWebhookReader implements WebhookReader {
  constructor(private readonly engine: Engine) {}

  async find(id: WebhookId): Promise<Webhook | null> {
    // PostgreSQL refuses to look for a text with NUL.
    if (id.includes('\0')) return null;
    const row = await this.engine.read((manager) => manager.findOneBy(WEBHOOKS, { id }));
    return row && toWebhook(row);
  }

  async list(accountId: AccountId | undefined, { after, limit }: Page<WebhookId>): Promise<readonly Webhook[]> {
    const where = { ...(accountId !== undefined && { accountId }), ...(after !== null && { id: MoreThan(after) }) };
    const rows = await this.engine.read((manager) =>
      manager.find(WEBHOOKS, { where, order: { id: 'ASC' }, take: limit }),
    );
    return rows.map(toWebhook);
  }

  dueDeliveries(id: WebhookId, now: number, limit: number): Promise<readonly Delivery[]> {
    return this.deliveries(DUE, [id, now, limit]);
  }

  async listDeliveries(
    id: WebhookId,
    status: DeliveryStatus | undefined,
    { after, limit }: Page<EventId>,
  ): Promise<readonly Delivery[]> {
    const before = after === null ? Number.MAX_SAFE_INTEGER : eventNumber(after);
    return before === null ? [] : this.deliveries(newestDeliveries(status), [id, before, limit]);
  }

  private async deliveries(statement: string, values: readonly unknown[]): Promise<readonly Delivery[]> {
    return (await this.engine.read((manager) => rowsOf(manager, statement, values))).map(toDelivery);
  }
}
