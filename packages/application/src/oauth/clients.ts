import { isClient, judgeCredential, parseSecretKey, type Account } from '@claviger/domain';
import type { LastUse } from '../last-use.js';
import type { Ports } from '../ports.js';

type Needs = Pick<Ports, 'accounts' | 'secrets' | 'clock'>;

/** The account as a client of the authorization server, by its exact appId; null when it is none, or none right now. */
export const findClient =
  ({ accounts }: Pick<Ports, 'accounts'>) =>
  async (appId: string): Promise<Account | null> => {
    const account = await find(accounts, appId);
    return account && isClient(account) ? account : null;
  };

/**
 * Whether a client is who it says: any of its account's AUTHORIZATION_CODE credentials that is good right now will do, so
 * that they can be rotated. Never the secret of another account, nor of another type.
 */
export const checkClient =
  ({ accounts, secrets, clock }: Needs, lastUse: LastUse) =>
  async ({ appId, secret }: { appId: string; secret: string }): Promise<boolean> => {
    const account = await find(accounts, appId);
    const secretKey = parseSecretKey(secret);
    if (!secretKey) return false;
    const now = clock.now();
    if (!account) return secrets.matches(secretKey, null);
    const used = account.credentials
      .filter((held) => secrets.matches(secretKey, held.sealedSecret))
      .find((held) => judgeCredential(account, held, now, 'AUTHORIZATION_CODE').accepted);
    if (used) lastUse.noteCredential(used.accessKey, now, null);
    return used !== undefined;
  };

/** What is no appId is nobody's; a client_id is compared exactly (RFC 6749, 2.2). */
async function find(accounts: Ports['accounts'], appId: string): Promise<Account | null> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(appId)) return null;
  const account = await accounts.find(appId as Account['appId']);
  return account?.appId === appId ? account : null;
}
