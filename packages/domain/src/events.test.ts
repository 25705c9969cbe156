import { expect, test } from '@jest/globals';
import { NOON } from '../test/builders.js';
import { OPERATOR, WORKER, type Caller } from './caller.js';
import { happened, type DoneBy } from './events.js';
import { NO_CHANGES } from './facts.js';
import type { AppId, UserId } from './names.js';

const olga = { kind: 'user', userId: 'olga' as UserId, admin: true, account: null } as const;
const account = { appId: 'console' as AppId, scope: ['SYSTEM'] } as const;
const origin = { address: '192.0.2.7', traceId: '0af7651916cd43dd8448eb211c80319c' };
const nowhere = { address: null, traceId: null };

test.each<[string, Caller, DoneBy]>([
  ['a user by themselves', olga, { kind: 'user', userId: olga.userId, appId: null, ...nowhere }],
  [
    'a user and the account they acted through',
    { ...olga, account },
    { kind: 'user', userId: olga.userId, appId: account.appId, ...nowhere },
  ],
  [
    'an account that named no user',
    { kind: 'platform', account },
    { kind: 'platform', userId: null, appId: account.appId, ...nowhere },
  ],
  ['the operator', OPERATOR, { kind: 'operator', userId: null, appId: null, ...nowhere }],
  ['the worker', WORKER, { kind: 'worker', userId: null, appId: null, ...nowhere }],
  [
    'a user, from where and in which request',
    { ...olga, origin },
    { kind: 'user', userId: olga.userId, appId: null, ...origin },
  ],
  [
    'an account, from where and in which request',
    { kind: 'platform', account, origin },
    { kind: 'platform', userId: null, appId: account.appId, ...origin },
  ],
])('an event says when it happened, by whom and what it changed: %s', (_, caller, by) => {
  const changes = { before: { locked: false }, after: { locked: true } };
  expect(happened(caller, NOON, changes)).toEqual({ at: NOON, by, changes });
  expect(happened(caller, NOON, NO_CHANGES)).toEqual({ at: NOON, by, changes: { before: null, after: null } });
});
