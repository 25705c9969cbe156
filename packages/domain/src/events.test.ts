import { expect, test } from '@jest/globals';
import { NOON } from '../test/builders.js';
import { OPERATOR, WORKER, type Caller } from './caller.js';
import { happened } from './events.js';
import type { AppId, UserId } from './names.js';

test.each<[string, Caller, object]>([
  [
    'a user by themselves',
    { kind: 'user', userId: 'olga' as UserId, admin: true, account: null },
    { kind: 'user', userId: 'olga', appId: null },
  ],
  [
    'a user and the account they acted through',
    { kind: 'user', userId: 'olga' as UserId, admin: false, account: { appId: 'console' as AppId, scope: ['SYSTEM'] } },
    { kind: 'user', userId: 'olga', appId: 'console' },
  ],
  [
    'an account that named no user',
    { kind: 'platform', account: { appId: 'console' as AppId, scope: [] } },
    { kind: 'platform', userId: null, appId: 'console' },
  ],
  ['the operator', OPERATOR, { kind: 'operator', userId: null, appId: null }],
  ['the worker', WORKER, { kind: 'worker', userId: null, appId: null }],
])('an event says when it happened and by whom: %s', (_, caller, by) => {
  expect(happened(caller, NOON)).toEqual({ at: NOON, by });
});
