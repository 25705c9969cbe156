import {
  countingIds,
  fixedClock,
  memoryDatabase,
  plainBearerSecrets,
  plainFailureGuard,
  plainPasswords,
  plainSecrets,
  USUAL_POLICY,
} from '@claviger/testing';
import { platform } from '../src/platform.js';
import type { Ports } from '../src/ports.js';

/** A whole platform in memory, with its clock and its database at hand. */
export function world(changed: Partial<Ports> = {}) {
  const database = memoryDatabase();
  const clock = fixedClock();
  const failures = plainFailureGuard();
  const { accounts, users, tokens, sessions, unitOfWork } = database;
  const ports: Ports = {
    accounts,
    users,
    tokens,
    sessions,
    failures,
    bearerSecrets: plainBearerSecrets(),
    unitOfWork,
    clock,
    policy: USUAL_POLICY,
    ids: countingIds(),
    secrets: plainSecrets(),
    passwords: plainPasswords(),
    ...changed,
  };
  return { ...platform(ports), clock, database, failures };
}

/** An address that requests come from. */
export const HERE = '192.0.2.1';

export const PLATFORM_APP = { appId: 'builds', authorizationGrantTypes: ['PLATFORM'] };
export const WEB_APP = {
  appId: 'calendar',
  authorizationGrantTypes: ['AUTHORIZATION_CODE'],
  homepageUrl: 'https://calendar.example/',
  redirectUri: 'https://calendar.example/back',
  scope: ['PROJECT'],
};
