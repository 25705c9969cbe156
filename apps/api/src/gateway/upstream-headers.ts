import type { IncomingHttpHeaders } from 'node:http';
import type { UserId } from '@claviger/domain';

/** Of one connection, not of the message (RFC 9110, 7.6.1); and Expect, which we have met ourselves. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
];

/** What services behind a gateway take for proven: nobody may say it but us. */
const IDENTITY = [
  'authorization',
  'cookie',
  'x-devops-uid',
  'x-bkrepo-uid',
  'x-forwarded-user',
  'x-forwarded-email',
  'x-forwarded-preferred-username',
  'x-forwarded-groups',
  'x-auth-request-user',
  'x-auth-request-email',
  'remote-user',
  'x-remote-user',
];

/** Who is calling and from where, as the upstream may believe it. */
export interface Forwarded {
  readonly userId: UserId;
  readonly address: string;
  readonly host: string;
  readonly protocol: string;
}

/** The request's headers as the upstream gets them. */
export function headersUp(headers: IncomingHttpHeaders, { userId, address, host, protocol }: Forwarded) {
  return {
    ...passed(headers, [...HOP_BY_HOP, ...IDENTITY, ...FORWARDED]),
    'x-devops-uid': userId,
    'x-forwarded-for': address,
    'x-forwarded-host': host,
    'x-forwarded-proto': protocol,
  };
}

/** Said anew for every request; what a client says of its own address is no business of the upstream. */
const FORWARDED = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
];

/**
 * The answer's headers as the client gets them. Cookies of the upstream would be cookies of ours, and pages of the
 * upstream pages of ours, with our session in reach: so it sets none, and its pages run nothing here.
 */
export function headersDown(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return {
    ...passed(headers, [...HOP_BY_HOP, 'set-cookie', 'server', 'x-powered-by']),
    'content-security-policy': 'sandbox',
  };
}

/** All but these, in whatever spelling servers take for the same: many read `_` and other signs as `-`. */
function passed(headers: IncomingHttpHeaders, removed: readonly string[]): IncomingHttpHeaders {
  const named = (headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const kept = Object.entries(headers).filter(([name]) => {
    const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '-');
    return !removed.includes(plain) && !named.includes(name.toLowerCase());
  });
  return Object.fromEntries(kept);
}
