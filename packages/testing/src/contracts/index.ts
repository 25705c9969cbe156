import type { JobLag } from '@claviger/domain';
import type { Database } from '../memory-database.js';
import { accountReaderContract } from './account-reader-contract.js';
import { accountStoreContract } from './account-store-contract.js';
import { auditReaderContract } from './audit-reader-contract.js';
import { auditTrailContract } from './audit-trail-contract.js';
import { authorizationContract } from './authorization-contract.js';
import { deliveryContract } from './delivery-contract.js';
import { jobQueueContract } from './job-queue-contract.js';
import { artifactContract } from './artifact-contract.js';
import type { OpenEmpty } from './open-empty.js';
import { sessionContract } from './session-contract.js';
import { signingKeyContract } from './signing-key-contract.js';
import { tokenContract } from './token-contract.js';
import { unitOfWorkContract } from './unit-of-work-contract.js';
import { userContract } from './user-contract.js';
import { webhookContract } from './webhook-contract.js';

export { jobRunnerContract, type Jobs, type SharedJobs } from './job-runner-contract.js';
export type { OpenEmpty } from './open-empty.js';

/**
 * Every sentence of the ports that are about keeping things, as tests: to be called in a test file of the adapter.
 * @param lagOf which jobs wait
 */
export function databaseContract<Opened extends Database>(
  open: OpenEmpty<Opened>,
  lagOf: (database: Opened) => Promise<JobLag>,
): void {
  accountReaderContract(open);
  accountStoreContract(open);
  userContract(open);
  authorizationContract(open);
  tokenContract(open);
  sessionContract(open);
  auditTrailContract(open);
  auditReaderContract(open);
  webhookContract(open);
  deliveryContract(open);
  jobQueueContract(open, lagOf);
  unitOfWorkContract(open);
  artifactContract(open);
  signingKeyContract(open);
}
