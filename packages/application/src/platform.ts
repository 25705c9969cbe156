import { createAccount } from './accounts/create-account.js';
import { deleteAccount } from './accounts/delete-account.js';
import { listAccounts, listAuthorizedAccounts, listOwnAccounts } from './accounts/list-accounts.js';
import { lockAccount } from './accounts/lock-account.js';
import { showAccount } from './accounts/show-account.js';
import { transferAccount } from './accounts/transfer-account.js';
import { uninstallAccount } from './accounts/uninstall-account.js';
import { updateAccount } from './accounts/update-account.js';
import { authenticatePlatform } from './authenticate-platform.js';
import { changeCredentialStatus } from './credentials/change-credential-status.js';
import { checkCredential } from './credentials/check-credential.js';
import { createCredential } from './credentials/create-credential.js';
import { deleteCredential } from './credentials/delete-credential.js';
import { listCredentials } from './credentials/list-credentials.js';
import type { Ports } from './ports.js';
import { retryStaleWrites } from './retry-stale-writes.js';
import { deleteExpired } from './upkeep/delete-expired.js';
import { firstRun } from './upkeep/first-run.js';
import { changePassword, deleteUser, lockUser } from './users/change-user.js';
import { createUser } from './users/create-user.js';
import { listUsers } from './users/list-users.js';
import { showUser } from './users/show-user.js';

/** Everything the platform can do. HTTP, CLI and worker all hold one of these and nothing else. */
export const platform = (given: Ports) => {
  const ports: Ports = { ...given, unitOfWork: retryStaleWrites(given.unitOfWork) };
  return {
    authenticatePlatform: authenticatePlatform(ports),

    createAccount: createAccount(ports),
    updateAccount: updateAccount(ports),
    deleteAccount: deleteAccount(ports),
    uninstallAccount: uninstallAccount(ports),
    lockAccount: lockAccount(ports),
    transferAccount: transferAccount(ports),
    showAccount: showAccount(ports),
    listAccounts: listAccounts(ports),
    listOwnAccounts: listOwnAccounts(ports),
    listAuthorizedAccounts: listAuthorizedAccounts(ports),

    createCredential: createCredential(ports),
    deleteCredential: deleteCredential(ports),
    changeCredentialStatus: changeCredentialStatus(ports),
    listCredentials: listCredentials(ports),
    checkCredential: checkCredential(ports),

    createUser: createUser(ports),
    showUser: showUser(ports),
    listUsers: listUsers(ports),
    changePassword: changePassword(ports),
    lockUser: lockUser(ports),
    deleteUser: deleteUser(ports),

    firstRun: firstRun(ports),
    deleteExpired: deleteExpired(ports),
  };
};

export type Platform = ReturnType<typeof platform>;
