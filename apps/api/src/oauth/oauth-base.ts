import type { AddressInfo } from 'node:net';
import type { Config } from '@claviger/composition';
import type { FastifyInstance } from 'fastify';
import { reachableAddress } from '../first-run-notice.js';

export type OAuthConfig = Pick<Config, 'http.publicUrl' | 'http.host' | 'http.port'>;

/**
 * Where browsers and clients reach the API, without a slash at its end: as it is configured, otherwise where it listens.
 * Never what a request says of itself.
 */
export function oauthBase({ server }: FastifyInstance, config: OAuthConfig): string {
  const configured = config['http.publicUrl'];
  if (configured !== null) return configured.replace(/\/+$/, '');
  const listening = server.address() as AddressInfo | null;
  return reachableAddress(listening?.address ?? config['http.host'], listening?.port ?? config['http.port']);
}
