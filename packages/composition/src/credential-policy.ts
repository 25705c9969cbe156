import type { CredentialPolicy } from '@claviger/domain';
import { ConfigError } from './config-error.js';
import type { Config } from './config-keys.js';

/** @throws ConfigError when no credential could be made without asking for its expiry, as creating an account does */
export function credentialPolicy(config: Config): CredentialPolicy {
  const [standard, longest] = [config['credentials.expiry.default'], config['credentials.expiry.max']];
  const neverAllowed = config['credentials.expiry.neverAllowed'];
  if (!neverAllowed && standard === null && longest === null)
    throw new ConfigError(
      'credentials.expiry.neverAllowed is false: then credentials.expiry.default or credentials.expiry.max must say how long a credential lives',
    );
  return { expiry: { standard, longest, neverAllowed }, mostLive: config['credentials.maxLivePerType'] };
}
