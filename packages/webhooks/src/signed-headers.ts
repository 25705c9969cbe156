import type { OutgoingMessage } from '@claviger/domain';
import { Webhook } from 'standardwebhooks';

/** What tells a receiver whose message it is: https://github.com/standard-webhooks/standard-webhooks, signed with each secret. */
export function signedHeaders({ id, at, body, secrets }: OutgoingMessage): Readonly<Record<string, string>> {
  const signatures = secrets.map((secret) => new Webhook(secret).sign(id, new Date(at), body));
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at / 1000)),
    'webhook-signature': signatures.join(' '),
  };
}
