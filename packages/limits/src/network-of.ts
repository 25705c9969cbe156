import { isIPv6 } from 'node:net';

/**
 * Whom failures are counted against: an IPv4 address, or the first 64 bits of an IPv6 one, because whoever has one such
 * address has all of them (RFC 6177).
 */
export function networkOf(address: string): string {
  const [bare = ''] = address.split('%');
  if (!isIPv6(bare)) return address;
  const groups = groupsOf(bare);
  const isMapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  if (!isMapped) return `${groups.slice(0, 4).join(':')}::/64`;
  const bytes = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return bytes.flatMap((pair) => [pair >> 8, pair & 0xff]).join('.');
}

/** The eight groups of an IPv6 address, in lower case and without leading zeros. */
function groupsOf(address: string): readonly string[] {
  // An address in a URL is written in one way only (RFC 5952).
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [before, after] = written.split('::').map((part) => (part === '' ? [] : part.split(':')));
  if (!before || !after) return before ?? [];
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
