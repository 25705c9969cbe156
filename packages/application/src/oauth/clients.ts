import {
  andThen,
  APP_ID_PATTERN,
  isClient,
  judgeCredential,
  PlatformError,
  type Account,
  type AppId,
  type Awaitable,
  type Credential,
  type OAuthArtifact,
  type Origin,
} from '@claviger/domain';
import { slowDown } from '../authentication/slow-down.js';
import type { LastUse } from '../last-use.js';
import type { Ports } from '../ports.js';
import { findArtifactIn, type ArtifactNeeds } from './artifacts.js';

type Needs = Pick<Ports, 'accounts' | 'secrets' | 'failures' | 'clock'>;

/** The account as a client of the authorization server, by its exact appId; null when it is none, or none right now. */
export const findClient =
  ({ accounts }: Pick<Ports, 'accounts'>) =>
  async (appId: string): Promise<Account | null> => {
    const account = isAppId(appId) ? await accounts.find(appId) : null;
    return account?.appId === appId && isClient(account) ? account : null;
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

/**
 * A living access token, for a client that proves itself: what almost every introspection asks for. Null when it is not
 * plainly so; then nothing was counted or noted, and somebody else may find out why.
 */
export const introspect = ({ failures, ...ports }: Needs & ArtifactNeeds, lastUse: LastUse) => {
  const usedBy = credentialOf(ports);
  const findArtifact = findArtifactIn(ports, lastUse);
  return async (claim: ClientClaim, token: string, { address }: Origin): Promise<OAuthArtifact | null> => {
    if (failures.waitOf({ name: claim.appId, address }) > 0) return null;
    const now = ports.clock.now();
    const used = await usedBy(claim, now);
    const found = used ? await findArtifact('AccessToken', token) : null;
    if (used && found) lastUse.noteCredential(used.accessKey, now, address);
    return found;
  };
};

const credentialOf =
  ({ accounts, secrets }: Pick<Needs, 'accounts' | 'secrets'>) =>
  ({ appId, secret }: ClientClaim, now: number): Awaitable<Credential | undefined> => {
    if (!isAppId(appId)) return undefined;
    // Which applications there are is no secret: the authorization server tells any browser.
    return andThen(accounts.findKeysOf(appId), (keys) => {
      const used = keys
        .filter(
          ({ account, credential }) => account.appId === appId && secrets.matches(secret, credential.sealedSecret),
        )
        .find(({ account, credential }) => judgeCredential(account, credential, now, 'AUTHORIZATION_CODE').accepted);
      return used?.credential;
    });
  };

/** What is no appId is nobody's; a client_id is compared exactly (RFC 6749, 2.2). */
function isAppId(text: string): text is AppId {
  return APP_ID_PATTERN.test(text);
}
