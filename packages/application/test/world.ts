import type { Origin } from '@claviger/domain';
import { memoryPorts } from '@claviger/testing';
import { platform } from '../src/platform.js';
import type { Ports } from '../src/ports.js';

/** A whole platform in memory, with its clock and its database at hand. */
export function world(changed: Partial<Ports> = {}) {
  const { database, ports } = memoryPorts();
  const { clock, failures, messenger } = ports;
  return { ...platform({ ...ports, ...changed }), clock, database, failures, messenger };
}

/** A request that calls come by. */
export const HERE: Origin = { address: '192.0.2.1', traceId: '0af7651916cd43dd8448eb211c80319c' };

export const PLATFORM_APP = { appId: 'builds', authorizationGrantTypes: ['PLATFORM'] };
export const WEB_APP = {
  appId: 'calendar',
  authorizationGrantTypes: ['AUTHORIZATION_CODE'],
  homepageUrl: 'https://calendar.example/',
  redirectUri: 'https://calendar.example/back',
  scope: ['PROJECT'],
};
