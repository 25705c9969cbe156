import { createHmac } from 'node:crypto';

/** The name of a counter: of what kind, and a mac of what it counts for. */
export type KeyOf = (kind: string, parts: readonly string[]) => string;

/** Nothing is kept in clear: people type passwords into the field for their name. Short texts are no secret to a bare hash. */
export function keyedBy(secret: string): KeyOf {
  return (kind, parts) => {
    const told = JSON.stringify([kind, ...parts]);
    return `${kind}:${createHmac('sha256', secret).update('claviger limits: ').update(told).digest('base64url')}`;
  };
}
