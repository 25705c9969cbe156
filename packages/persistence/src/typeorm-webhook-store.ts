import {
  PlatformError,
  type AccountId,
  type Webhook,
  type WebhookEvent,
  type WebhookHealth,
  type WebhookId,
  type WebhookStore,
} from '@claviger/domain';
import { In, IsNull, type EntityManager } from 'typeorm';
import { translated } from './database-errors.js';
import { insert } from './table-statements.js';
import { WEBHOOKS } from './schemas.js';
import { isPostgres, rowsOf } from './statement.js';
import type { TypeOrmAuditTrail } from './typeorm-audit-trail.js';
import { fromWebhook, toWebhook } from './webhook-rows.js';

/** The webhooks of one open transaction. */
export class TypeOrmWebhookStore implements WebhookStore {
  constructor(
    private readonly manager: EntityManager,
    private readonly audit: TypeOrmAuditTrail,
  ) {}

  async find(id: WebhookId): Promise<Webhook | null> {
    // PostgreSQL refuses to look for a text with NUL.
    const row = id.includes('\0') ? null : await this.manager.findOneBy(WEBHOOKS, { id });
    return row && toWebhook(row);
  }

  async listening(accountIds: readonly string[]): Promise<readonly Webhook[]> {
    const where = [IsNull(), In([...accountIds])].map((accountId) => ({ enabled: true, accountId }));
    const rows = await this.manager.find(WEBHOOKS, { where, order: { id: 'ASC' } });
    return rows.map(toWebhook);
  }

  async count(accountId: AccountId | null): Promise<number> {
    await this.holdNumber(accountId);
    return this.manager.countBy(WEBHOOKS, { accountId: accountId ?? IsNull() });
  }

  async add(webhook: Webhook, because: WebhookEvent): Promise<void> {
    await this.holdNumber(webhook.accountId);
    await translated(insert(this.manager, WEBHOOKS, fromWebhook(webhook)));
    await this.record(webhook, because);
  }

  async save(webhook: Webhook, because: WebhookEvent): Promise<void> {
    const { id, version, ...row } = fromWebhook(webhook);
    const changed = await this.manager.update(WEBHOOKS, { id, version }, { ...row, version: version + 1 });
    if (changed.affected !== 1) throw new PlatformError('write_was_stale');
    await this.record(webhook, because);
  }

  async remove(webhook: Webhook, because: WebhookEvent): Promise<void> {
    await this.holdNumber(webhook.accountId);
    // Deliveries go with their webhook.
    const removed = await this.manager.delete(WEBHOOKS, { id: webhook.id, version: webhook.version });
    if (removed.affected !== 1) throw new PlatformError('write_was_stale');
    await this.record(webhook, because);
  }

  async noteHealth(id: WebhookId, { failures, restsUntil }: WebhookHealth): Promise<void> {
    await this.manager.update(WEBHOOKS, { id }, { failures, restsUntil });
  }

  /**
   * Whoever counts, adds or removes webhooks of one account does so alone until the unit ends. Not by a lock on the
   * table or the account: health is noted all the time, and accounts are found for other reasons.
   */
  private async holdNumber(accountId: AccountId | null): Promise<void> {
    if (!isPostgres(this.manager)) return;
    const name = `claviger webhooks of ${accountId ?? 'nobody'}`;
    await rowsOf(this.manager, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
  }

  private record({ id, appId }: Webhook, because: WebhookEvent): Promise<void> {
    return this.audit.record({ kind: 'webhook', id, name: appId ?? id }, because);
  }
}
