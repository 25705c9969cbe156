import { setTimeout as delay } from 'node:timers/promises';
import type { AuditVerdict } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { platformHeaders, type Call } from '../test/answer.js';

/** Asks until the answer is yes: what other processes do tells nobody. */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  while (!(await isTrue())) await delay(20);
}

export function untilReady(call: Call): Promise<void> {
  return until(async () => (await call('GET', '/health/ready').catch(() => null))?.status === 200);
}

/** Every record of the audit is sealed. A worker does that. */
export function untilSealed(call: Call, system: KeyPair): Promise<void> {
  return until(async () => {
    const { body } = await call('GET', '/auth/api/audit/verify', { as: platformHeaders(system, 'admin') });
    return (body.data as AuditVerdict).unsealed === 0;
  });
}
