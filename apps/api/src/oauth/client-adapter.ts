import { randomBytes } from 'node:crypto';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import type { Service } from '../service.js';
import { NO_SESSIONS } from './artifact-adapter.js';
import { PROTOCOL_SCOPES } from './protocol-scopes.js';

/** The library asks for a secret to be there; it is never compared with, see `compareClientSecret`. */
const NOBODYS_SECRET = randomBytes(32).toString('base64url');

/**
 * Accounts with AUTHORIZATION_CODE are the clients; nobody registers others.
 * @param unknown hears of a name that is none of theirs
 */
export function clientAdapter(service: Pick<Service, 'platform'>, unknown: (appId: string) => Promise<void>): Adapter {
  const find = async (id: string): Promise<AdapterPayload | undefined> => {
    const account = await service.platform.findClient(id);
    if (!account?.redirectUri) {
      await unknown(id);
      return undefined;
    }
    return {
      client_id: account.appId,
      client_secret: NOBODYS_SECRET,
      redirect_uris: [account.redirectUri],
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      scope: [...PROTOCOL_SCOPES, ...account.scope].join(' '),
    };
  };
  return { ...NO_SESSIONS, find };
}
