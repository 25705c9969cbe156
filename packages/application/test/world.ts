import type { Origin } from '@claviger/domain';
import {
  countingIds,
  fixedClock,
  memoryDatabase,
  plainBearerSecrets,
  plainDigest,
  plainFailureGuard,
  plainKeyMaker,
  plainMessenger,
  plainPasswords,
  plainSecrets,
  plainVault,
  USUAL_POLICY,
} from '@claviger/testing';
import { platform } from '../src/platform.js';
import type { Ports } from '../src/ports.js';

/** A whole platform in memory, with its clock and its database at hand. */
export function world(changed: Partial<Ports> = {}) {
  const database = memoryDatabase();
  const clock = fixedClock();
  const failures = plainFailureGuard();
  const messenger = plainMessenger();
  const { accounts, users, tokens, sessions, webhooks, audit, oauth, signingKeys, unitOfWork } = database;
  const ports: Ports = {
    accounts,
    users,
    tokens,
    sessions,
    webhooks,
    audit,
    oauth,
    signingKeys,
    keyMaker: plainKeyMaker(),
    failures,
    messenger,
    vault: plainVault(),
    digest: plainDigest,
    bearerSecrets: plainBearerSecrets(),
    unitOfWork,
    clock,
    policy: USUAL_POLICY,
    ids: countingIds(),
    secrets: plainSecrets(),
    passwords: plainPasswords(),
    ...changed,
  };
  return { ...platform(ports), clock, database, failures, messenger };
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
