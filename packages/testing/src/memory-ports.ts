import {
  countingIds,
  fixedClock,
  plainBearerSecrets,
  plainDigest,
  plainFailureGuard,
  plainKeyMaker,
  plainMessenger,
  plainPasswords,
  plainSecrets,
  plainVault,
  USUAL_POLICY,
} from './doubles.js';
import { memoryDatabase } from './memory-database.js';

/** All that a platform stands on, in memory: doubles that keep state, and a clock that stands still. */
export function memoryPorts() {
  const database = memoryDatabase();
  const ports = {
    ...database,
    secrets: plainSecrets(),
    bearerSecrets: plainBearerSecrets(),
    passwords: plainPasswords(),
    vault: plainVault(),
    keyMaker: plainKeyMaker(),
    digest: plainDigest,
    messenger: plainMessenger(),
    failures: plainFailureGuard(),
    ids: countingIds(),
    clock: fixedClock(),
    policy: USUAL_POLICY,
  };
  return { database, ports };
}
