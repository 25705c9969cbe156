import { createAccount } from './accounts/create-account.js';
import { deleteAccount } from './accounts/delete-account.js';
import { listAccounts, listAuthorizedAccounts, listOwnAccounts } from './accounts/list-accounts.js';
import { lockAccount } from './accounts/lock-account.js';
import { showAccount } from './accounts/show-account.js';
import { transferAccount } from './accounts/transfer-account.js';
import { uninstallAccount } from './accounts/uninstall-account.js';
import { updateAccount } from './accounts/update-account.js';
import { exportAudit, listAudit } from './audit/list-audit.js';
import { refusalsIn } from './audit/refusals.js';
import { sealAudit } from './audit/seal-audit.js';
import { verifyAudit } from './audit/verify-audit.js';
import { authenticate } from './authentication/authenticate.js';
import { changeCredentialStatus } from './credentials/change-credential-status.js';
import { checkCredential } from './credentials/check-credential.js';
import { createCredential } from './credentials/create-credential.js';
import { deleteCredential } from './credentials/delete-credential.js';
import { listCredentials } from './credentials/list-credentials.js';
import { rollBackRotation, rotateCredential, showRotation } from './credentials/rotate-credential.js';
import { lastUseIn } from './last-use.js';
import { oauthArtifacts } from './oauth/artifacts.js';
import { authorizeAccount, showConsent } from './oauth/authorize-account.js';
import { authenticateClient, findClient, introspect } from './oauth/clients.js';
import type { Ports } from './ports.js';
import { retryStaleWrites } from './retry-stale-writes.js';
import { listSessions } from './sessions/list-sessions.js';
import { logIn } from './sessions/log-in.js';
import { logOut, revokeSession } from './sessions/log-out.js';
import { listSigningKeys } from './signing-keys/list-signing-keys.js';
import { openSigningKeys } from './signing-keys/open-signing-keys.js';
import { replaceSigningKey, rotateSigningKeys } from './signing-keys/rotate-signing-keys.js';
import { createToken } from './tokens/create-token.js';
import { listTokens } from './tokens/list-tokens.js';
import { revokeToken } from './tokens/revoke-token.js';
import { claimDue } from './upkeep/claim-due.js';
import { deleteExpired } from './upkeep/delete-expired.js';
import { firstRun } from './upkeep/first-run.js';
import { retireIdleCredentials } from './upkeep/retire-idle-credentials.js';
import { warnOfExpiry } from './upkeep/warn-of-expiry.js';
import { changePassword, deleteUser, lockUser } from './users/change-user.js';
import { changeOwnPassword } from './users/change-own-password.js';
import { createUser } from './users/create-user.js';
import { listUsers } from './users/list-users.js';
import { showSelf } from './users/show-self.js';
import { showUser } from './users/show-user.js';
import { updateUser } from './users/update-user.js';
import { deleteWebhook, registerWebhook, rotateWebhookSecret, updateWebhook } from './webhooks/change-webhook.js';
import { deliverEvents } from './webhooks/deliver-events.js';
import { listDeliveries, listWebhooks, showWebhook } from './webhooks/list-webhooks.js';
import { publishEvents } from './webhooks/publish-events.js';
import { replayDeliveries } from './webhooks/replay-deliveries.js';
import { testWebhook } from './webhooks/test-webhook.js';

/** Everything the platform can do. HTTP, CLI and worker all hold one of these and nothing else. */
export const platform = (given: Ports) => {
  const ports: Ports = { ...given, unitOfWork: retryStaleWrites(given.unitOfWork) };
  const lastUse = lastUseIn(ports.unitOfWork);
  const refusals = refusalsIn(ports);
  const whoIsCalling = authenticate(ports, lastUse);
  const check = checkCredential(ports, lastUse);
  return {
    /** The same as those of these names below, but what needs no reading is there, or thrown, without a promise. */
    atOnce: { authenticate: whoIsCalling, checkCredential: check },

    authenticate: async (...claimed: Parameters<typeof whoIsCalling>) => whoIsCalling(...claimed),

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
    rotateCredential: rotateCredential(ports),
    rollBackRotation: rollBackRotation(ports),
    showRotation: showRotation(ports),
    checkCredential: async (...asked: Parameters<typeof check>) => check(...asked),

    logIn: logIn(ports, whoIsCalling),
    logOut: logOut(ports),
    listSessions: listSessions(ports),
    revokeSession: revokeSession(ports),

    createToken: createToken(ports),
    listTokens: listTokens(ports),
    revokeToken: revokeToken(ports),

    createUser: createUser(ports),
    updateUser: updateUser(ports),
    changeOwnPassword: changeOwnPassword(ports, whoIsCalling),
    showSelf: showSelf(ports),
    showUser: showUser(ports),
    listUsers: listUsers(ports),
    changePassword: changePassword(ports),
    lockUser: lockUser(ports),
    deleteUser: deleteUser(ports),

    registerWebhook: registerWebhook(ports),
    updateWebhook: updateWebhook(ports),
    rotateWebhookSecret: rotateWebhookSecret(ports),
    deleteWebhook: deleteWebhook(ports),
    testWebhook: testWebhook(ports),
    showWebhook: showWebhook(ports),
    listWebhooks: listWebhooks(ports),
    listDeliveries: listDeliveries(ports),
    replayDeliveries: replayDeliveries(ports),

    listAudit: listAudit(ports),
    exportAudit: exportAudit(ports),
    verifyAudit: verifyAudit(ports),
    noteRefusal: refusals.note,

    showConsent: showConsent(ports),
    authorizeAccount: authorizeAccount(ports),
    findClient: findClient(ports),
    authenticateClient: authenticateClient(ports, lastUse),
    introspect: introspect(ports, lastUse),
    oauthArtifacts: oauthArtifacts(ports, lastUse),
    openSigningKeys: openSigningKeys(ports),
    listSigningKeys: listSigningKeys(ports),
    replaceSigningKey: replaceSigningKey(ports),

    firstRun: firstRun(ports),
    deleteExpired: deleteExpired(ports),
    retireIdleCredentials: retireIdleCredentials(ports),
    warnOfExpiry: warnOfExpiry(ports),
    rotateSigningKeys: rotateSigningKeys(ports),
    sealAudit: sealAudit(ports),
    publishEvents: publishEvents(ports),
    deliverEvents: deliverEvents(ports),
    claimDue: claimDue(ports),
    showBacklog: () => ports.audit.backlog(),
    /** Writes down what was only counted: last uses and refusals. */
    writeNotes: async () => {
      // One that cannot be written keeps the other from nothing.
      const written = await Promise.allSettled([lastUse.flush(), refusals.flush()]);
      for (const each of written) if (each.status === 'rejected') throw each.reason;
    },
  };
};

export type Platform = ReturnType<typeof platform>;
