import {
  amendAccount,
  demandActor,
  demandManaged,
  demandMayChangeLock,
  demandMayGrant,
  expiryUnder,
  happened,
  parseAccountStatement,
  type AccountStatement,
  type Caller,
  accountChanges,
} from '@claviger/domain';
import type { Ports } from '../ports.js';
import { disclose, newKeys, type DisclosedAccount } from './new-keys.js';

/** Amends an account. What the caller may do is judged on what it was and on what it shall be. */
export const updateAccount =
  ({ unitOfWork, secrets, clock, policy }: Pick<Ports, 'unitOfWork' | 'secrets' | 'clock' | 'policy'>) =>
  async (caller: Caller, statement: AccountStatement): Promise<DisclosedAccount> => {
    const request = parseAccountStatement(statement);
    const actor = demandActor(caller);
    demandMayGrant(actor, { grantTypes: request.grantTypes, scope: request.scope ?? [] });
    const [keys, now] = [newKeys(secrets), clock.now()];
    const expiresAt = expiryUnder(policy.expiry, undefined, now);
    const account = await unitOfWork.run(async ({ accounts }) => {
      const before = demandManaged(actor, await accounts.find(request.appId));
      demandMayGrant(actor, before);
      const after = amendAccount(before, request, { keys, expiresAt, now });
      demandMayChangeLock(actor, before.locked, after.locked);
      await accounts.save(after, { name: 'account.amended', ...happened(actor, now, accountChanges(before, after)) });
      return after;
    });
    return disclose(account, keys);
  };
