import type { BoxedSecret, FormerSecret, Webhook } from '@claviger/domain';
import type { WebhookRow } from './schemas.js';

export function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    accountId: row.accountId,
    appId: row.appId,
    url: row.url,
    events: row.events,
    description: row.description,
    enabled: row.enabled,
    secret: { keyId: row.secretKey, box: row.secretBox, fingerprint: row.secretFingerprint },
    formerSecret: formerSecretIn(row),
    health: { failures: row.failures, restsUntil: row.restsUntil },
    createdAt: row.createdAt,
    lastModifiedAt: row.lastModifiedAt,
    version: row.version,
  };
}

export function fromWebhook({ secret, formerSecret, health, ...own }: Webhook): WebhookRow {
  const former: BoxedSecret | undefined = formerSecret?.secret;
  return {
    ...own,
    secretKey: secret.keyId,
    secretBox: secret.box,
    secretFingerprint: secret.fingerprint,
    formerKey: former?.keyId ?? null,
    formerBox: former?.box ?? null,
    formerFingerprint: former?.fingerprint ?? null,
    formerUntil: formerSecret?.until ?? null,
    failures: health.failures,
    restsUntil: health.restsUntil,
  };
}

function formerSecretIn(row: WebhookRow): FormerSecret | null {
  const { formerKey: keyId, formerBox: box, formerFingerprint: fingerprint, formerUntil: until } = row;
  if (keyId === null || box === null || fingerprint === null || until === null) return null;
  return { secret: { keyId, box, fingerprint }, until };
}
