import { accountReaderContract } from './account-reader-contract.js';
import { accountStoreContract } from './account-store-contract.js';
import { auditTrailContract } from './audit-trail-contract.js';
import { authorizationContract } from './authorization-contract.js';
import type { OpenEmpty } from './open-empty.js';
import { sessionContract } from './session-contract.js';
import { tokenContract } from './token-contract.js';
import { unitOfWorkContract } from './unit-of-work-contract.js';
import { userContract } from './user-contract.js';

export type { OpenEmpty } from './open-empty.js';

/** Every sentence of the ports that are about keeping things, as tests: to be called in a test file of the adapter. */
export function databaseContract(open: OpenEmpty): void {
  accountReaderContract(open);
  accountStoreContract(open);
  userContract(open);
  authorizationContract(open);
  tokenContract(open);
  sessionContract(open);
  auditTrailContract(open);
  unitOfWorkContract(open);
}
