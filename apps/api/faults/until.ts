import { setTimeout as delay } from 'node:timers/promises';
import type { AuditVerdict } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { platformHeaders, type Call } from '../test/answer.js';

/** Milliseconds. Far more than anything may take, so that a test that failed does not go on for ever. */
const PATIENCE = 60_000;

/** Asks until the answer is yes: what other processes do tells nobody. @throws when it takes too long */
export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + PATIENCE;
  while (!(await isTrue())) {
    if (performance.now() > deadline) throw new Error('That took too long.');
    await delay(20);
  }
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
