import { PlatformError } from '@claviger/domain';
import { withoutTokens } from '../caller/token-parameter.js';

/** What of the path is ours alone. */
const OWN_PART = '/ms/openapi';
export const GATEWAY_PATH = `${OWN_PART}/api/apigw/`;

export interface UpstreamTarget {
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
}

/**
 * What the upstream is asked: as it was sent, without what is for us alone.
 * @throws request_malformed for a path that could lead out of the part that is passed on
 */
export function upstreamTarget(url: string): UpstreamTarget {
  const [path = '', ...query] = url.split('?');
  if (!path.startsWith(GATEWAY_PATH) || path.includes('#') || path.split('/').some(leadsOut))
    throw new PlatformError('request_malformed');
  return { path: path.slice(OWN_PART.length), query: withoutTokens(query.join('?')) };
}

/** `..` in each of the spellings in which some server behind us would follow it; `;` begins what some servers cut off. */
function leadsOut(segment: string): boolean {
  const parts = decoded(segment).split(/[/\\]/);
  return parts.some((part) => /^\.{1,2}(;|$)/.test(part));
}

/** Servers that decode twice exist. @throws request_malformed */
function decoded(segment: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(segment).replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
  } catch {
    throw new PlatformError('request_malformed');
  }
}
