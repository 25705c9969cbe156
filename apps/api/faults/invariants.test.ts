import type { AccountJson, AuditJson, AuditVerdict } from '@claviger/application';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Answer, Call } from '../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../test/api-over-memory.js';
import { endOfAudit, findBreaches, settleDoubts } from './invariants.js';
import { acknowledgedIn, openLedger, type Ledger } from './ledger.js';
import { writeOn } from './writing-client.js';

let api: ApiOverMemory;
let ledger: Ledger;
let since: number;
beforeAll(async () => {
  api = await apiOverMemory();
  ledger = openLedger();
  since = await endOfAudit(api.call, api.system);
  // Three accounts: one that goes, one that stays, one that is locked; then the service is away.
  const away = { status: 503 } as Answer;
  const call: Call = async (...asked) => (acknowledgedIn(ledger) < 24 ? api.call(...asked) : away);
  await writeOn({ name: 'client', ledger, system: api.system, call, goOn: () => false });
  expect(await settleDoubts(ledger, api.call, api.system)).toEqual([]);
});
afterAll(() => api.app.close());

/** The service as it would be if what it says of that path were something else. */
const lying =
  (path: string, lie: (data: never) => unknown): Call =>
  async (method, url, options) => {
    const answer = await api.call(method, url, options);
    return url === `/auth/api${path}`
      ? { ...answer, body: { ...answer.body, data: lie(answer.body.data as never) } }
      : answer;
  };
const breachesOf = async (call: Call) =>
  new Set((await findBreaches(ledger, call, api.system, since)).map((breach) => breach.split(' ', 1)[0]));

test('a service that kept its word breaches none of the ten invariants', async () => {
  expect([...(await breachesOf(api.call))]).toEqual([]);
  expect([acknowledgedIn(ledger), ledger.accounts.size, ledger.revoked.length]).toEqual([24, 4, 9]);
});

const OF_CLIENT = ({ appId }: AccountJson) => appId === 'client-1' || appId === 'CLIENT-1';
const RECORD = ({ name }: AuditJson) => name === 'credential.disabled';
const LIES: readonly [string, string, string, (data: never) => unknown][] = [
  ['1', 'lost an account', '/account/list', (all: AccountJson[]) => all.filter((one) => !OF_CLIENT(one))],
  ['1', 'lost a change', '/account/list', (all: AccountJson[]) => all.map((one) => ({ ...one, description: 'new' }))],
  ['2', 'kept a deleted account', '/account/list', (all: AccountJson[]) => [...all, { ...all[1], appId: 'client-0' }]],
  [
    '3',
    'has an account without keys',
    '/account/list',
    (all: AccountJson[]) => all.map((one) => ({ ...one, credentials: [] })),
  ],
  [
    '4',
    'has a name twice',
    '/account/list',
    (all: AccountJson[]) => [...all, ...all.filter(OF_CLIENT).map((one) => ({ ...one, appId: 'cLIENT-1' }))],
  ],
  ['5', 'refuses what is good', '/account/credential/check', () => ({ valid: false })],
  ['6', 'accepts what is revoked', '/account/credential/check', () => ({ valid: true })],
  ['7', 'lost a record', '/audit/list', (all: AuditJson[]) => all.filter((one) => !RECORD(one))],
  ['7', 'told something twice', '/audit/list', (all: AuditJson[]) => [...all, ...all.filter(RECORD)]],
  [
    '8',
    'tells what nobody asked for',
    '/audit/list',
    (all: AuditJson[]) => [...all, { ...all[0], by: { traceId: null } }],
  ],
  ['9', 'has a broken chain', '/audit/verify', (verdict: AuditVerdict) => ({ ...verdict, intact: false })],
];

test.each(LIES)('invariant %s is breached by a service that %s', async (number, _what, path, lie) => {
  expect(await breachesOf(lying(path, lie))).toContain(number);
});

test('invariant 10 is breached by a service that took more than ten seconds', async () => {
  ledger.recoveries.push(10_001);
  expect(await breachesOf(api.call)).toEqual(new Set(['10']));
});
