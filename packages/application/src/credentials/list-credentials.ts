import type { Caller, Credential } from '@claviger/domain';
import { showAccount } from '../accounts/show-account.js';
import type { Ports } from '../ports.js';

/** The credentials of one account, oldest first; known to whoever may know the account. */
export const listCredentials = (ports: Pick<Ports, 'accounts'>) => {
  const show = showAccount(ports);
  return async (caller: Caller, given: { appId: string }): Promise<readonly Credential[]> =>
    (await show(caller, given)).credentials;
};
