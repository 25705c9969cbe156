import { demandActor, demandManaged, parseAppId, type Account, type Caller } from '@claviger/domain';
import type { Ports } from '../ports.js';

/** One account with its credentials, for its owner and for admins. @throws account_missing */
export const showAccount =
  ({ accounts }: Pick<Ports, 'accounts'>) =>
  async (caller: Caller, given: { appId: string }): Promise<Account> => {
    const appId = parseAppId(given.appId);
    const actor = demandActor(caller);
    return demandManaged(actor, await accounts.find(appId));
  };
