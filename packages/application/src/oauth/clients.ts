import {
  APP_ID_PATTERN,
  isClient,
  judgeCredential,
  PlatformError,
  type Account,
  type Credential,
  type Origin,
} from '@claviger/domain';
import { slowDown } from '../authentication/slow-down.js';
import type { LastUse } from '../last-use.js';
import type { Ports } from '../ports.js';

type Needs = Pick<Ports, 'accounts' | 'secrets' | 'failures' | 'clock'>;

/** The account as a client of the authorization server, by its exact appId; null when it is none, or none right now. */
export const findClient =
  ({ accounts }: Pick<Ports, 'accounts'>) =>
  async (appId: string): Promise<Account | null> => {
    const account = await find(accounts, appId);
    return account && isClient(account) ? account : null;
  };

/** What a client says of itself. */
export interface ClientClaim {
  readonly appId: string;
  readonly secret: string;
}

/**
 * That a client is who it says: any of its account's AUTHORIZATION_CODE credentials that is good right now will do, so
 * that they can be rotated. Never the secret of another account, nor of another type.
 * @throws caller_unknown
 * @throws too_many_requests to whoever failed too often
 */
export const authenticateClient = ({ failures, ...ports }: Needs, lastUse: LastUse) => {
  const slowly = slowDown(failures);
  const usedBy = credentialOf(ports);
  return async (claim: ClientClaim, { address }: Origin): Promise<void> =>
    slowly({ name: claim.appId, address }, async () => {
      const now = ports.clock.now();
      const used = await usedBy(claim, now);
      if (!used) throw new PlatformError('caller_unknown');
      lastUse.noteCredential(used.accessKey, now, address);
    });
};

const credentialOf =
  ({ accounts, secrets }: Omit<Needs, 'failures'>) =>
  async ({ appId, secret }: ClientClaim, now: number): Promise<Credential | undefined> => {
    const account = await find(accounts, appId);
    // Which applications there are is no secret: the authorization server tells any browser.
    return account?.credentials
      .filter((held) => secrets.matches(secret, held.sealedSecret))
      .find((held) => judgeCredential(account, held, now, 'AUTHORIZATION_CODE').accepted);
  };

/** What is no appId is nobody's; a client_id is compared exactly (RFC 6749, 2.2). */
async function find(accounts: Ports['accounts'], appId: string): Promise<Account | null> {
  if (!APP_ID_PATTERN.test(appId)) return null;
  const account = await accounts.find(appId as Account['appId']);
  return account?.appId === appId ? account : null;
}
