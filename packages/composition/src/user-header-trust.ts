import { BlockList, isIP } from 'node:net';
import type { Config } from './config-keys.js';
import { ConfigError } from './config-error.js';

type TrustConfig = Pick<Config, 'http.host' | 'auth.accessToken.enabled' | 'auth.accessToken.trustHeaderFrom'>;

/**
 * Without access tokens anybody who reaches the API is whom they say they are: so only the machine itself may, or the
 * proxies that are listed. @throws ConfigError
 */
export function demandTrustedHeader(config: TrustConfig): void {
  if (config['auth.accessToken.enabled'] || config['auth.accessToken.trustHeaderFrom'].length > 0) return;
  const host = config['http.host'];
  if (host.toLowerCase() === 'localhost' || isLoopback(host)) return;
  throw new ConfigError(
    'auth.accessToken.enabled is false and http.host is no loopback address: ' +
      'list in auth.accessToken.trustHeaderFrom the proxies whose X-DEVOPS-UID is believed',
  );
}

/**
 * From which addresses a bare X-DEVOPS-UID is believed: from none while access tokens are on.
 * To be asked for the address of the connection, never for one that a header names.
 */
export function believesHeaderFrom(config: TrustConfig): (address: string) => boolean {
  if (config['auth.accessToken.enabled']) return () => false;
  const ranges = config['auth.accessToken.trustHeaderFrom'];
  return ranges.length === 0 ? isLoopback : within(ranges);
}

const isLoopback = within(['127.0.0.0/8', '::1']);

/** IPv4 addresses in IPv6 form are seen as what they are. */
function within(ranges: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    if (bits === undefined) list.addAddress(address, familyOf(address));
    else list.addSubnet(address, Number(bits), familyOf(address));
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}
