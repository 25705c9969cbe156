import {
  demandActor,
  demandAdmin,
  demandMayGrant,
  expiryUnder,
  happened,
  openAccount,
  parseAccountStatement,
  parseUserId,
  type AccountStatement,
  type Caller,
  type UserId,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { disclose, newKeys, type DisclosedAccount } from './new-keys.js';

/** Who owns an account that an operator opens for nobody in particular. */
export const DEFAULT_OWNER = 'admin' as UserId;

/** Opens an account. @param owner for admins only; left out: the caller. @throws field_invalid, user_not_allowed, account_exists */
export const createAccount =
  ({ unitOfWork, secrets, ids, clock, policy }: Pick<Ports, 'unitOfWork' | 'secrets' | 'ids' | 'clock' | 'policy'>) =>
  async (caller: Caller, statement: AccountStatement, owner?: string): Promise<DisclosedAccount> => {
    const [keys, now] = [newKeys(secrets), clock.now()];
    const account = openAccount(parseAccountStatement(statement), {
      id: ids.nextAccountId(),
      owner: owner === undefined ? ownerBy(caller) : parseUserId(owner, 'owner'),
      keys,
      expiresAt: expiryUnder(policy.expiry, undefined, now),
      now,
    });
    const actor = owner === undefined ? demandActor(caller) : demandAdmin(caller);
    demandMayGrant(actor, account);
    await unitOfWork.run(({ accounts }) =>
      accounts.add(account, { name: 'account.opened', ...happened(actor, now, accountChanges(null, account)) }),
    );
    return disclose(account, keys);
  };

function ownerBy(caller: Caller): UserId {
  return caller.kind === 'user' ? caller.userId : DEFAULT_OWNER;
}
