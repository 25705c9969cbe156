import { randomBytes } from 'node:crypto';
import type { AccountId, Ids, SessionId, TokenId, WebhookId } from '@claviger/domain';
import { v7 } from 'uuid';

/** UUIDs version 7 (RFC 9562): they sort by the time of their making, also within one millisecond of one process. */
export const systemIds: Ids = {
  nextAccountId: () => v7() as AccountId,
  nextTokenId: () => v7() as TokenId,
  nextSessionId: () => v7() as SessionId,
  nextWebhookId: () => v7() as WebhookId,
  chance: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
};
