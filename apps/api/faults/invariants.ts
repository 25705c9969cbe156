import type { AccountJson, AuditJson, AuditVerdict } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { platformHeaders, type Call } from '../test/answer.js';
import { asFound, isThat, isWhole, noteKnown, noteOutcome, type Ledger } from './ledger.js';

/** All that the service says of itself when the storm is over. */
interface Findings {
  readonly accounts: readonly AccountJson[];
  /** By appId in lower case. */
  readonly byName: ReadonlyMap<string, AccountJson>;
  /** What came to the audit since the ledger was opened. */
  readonly audit: readonly AuditJson[];
  readonly verdict: AuditVerdict;
  readonly isGood: (key: KeyPair) => Promise<boolean>;
}

/** Milliseconds from a restart to the first change that is acknowledged. */
const LONGEST_RECOVERY = 10_000;

/** What must hold, whatever happened: each gives a sentence for each breach. */
const INVARIANTS: Readonly<Record<string, (ledger: Ledger, found: Findings) => string[] | Promise<string[]>>> = {
  '1 every acknowledged create is there, as it was told': ({ accounts }, { byName }) =>
    [...accounts]
      .filter(([appId, known]) => known && !isThat(byName.get(appId) ?? null, known))
      .map(([appId, known]) => `${appId} is ${JSON.stringify(byName.get(appId))}, not ${JSON.stringify(known)}`),

  '2 every acknowledged delete is gone': ({ accounts }, { byName }) =>
    [...accounts].filter(([appId, known]) => !known && byName.has(appId)).map(([appId]) => appId),

  '3 nothing is half done: each account has a key for each of its types, and none besides': (_, { accounts }) =>
    accounts.filter(lacksKeys).map(({ appId }) => appId),

  '4 appIds are unique in any letter case': (_, { accounts, byName }) =>
    accounts.length === byName.size ? [] : [`${accounts.length} accounts have ${byName.size} names`],

  '5 every secret that was handed out and not revoked is accepted': async ({ accounts }, { isGood }) =>
    keysThat(
      keysOf(accounts, (key, locked) => key.enabled && !locked),
      async (key) => !(await isGood(key)),
    ),

  '6 every revoked, disabled or locked one is refused': async ({ accounts, revoked }, { isGood }) =>
    keysThat([...revoked, ...keysOf(accounts, (key, locked) => !key.enabled || locked)], isGood),

  '7 each acknowledged change is in the audit exactly once': ({ asked }, { audit }) => {
    const told = new Map<string | null, AuditJson[]>();
    for (const record of audit) told.set(record.by.traceId, [...(told.get(record.by.traceId) ?? []), record]);
    return [...asked]
      .filter(([traceId, { outcome }]) => outcome === 'acknowledged' && told.get(traceId)?.length !== 1)
      .map(([traceId, { event, appId }]) => `${event} of ${appId}: ${JSON.stringify(told.get(traceId) ?? [])}`);
  },

  '8 nothing is in the audit that was not asked for and done': ({ asked }, { audit }) =>
    audit
      .filter((record) => {
        const request = asked.get(record.by.traceId ?? '');
        return request?.outcome !== 'acknowledged' || request.event !== record.name || request.appId !== nameOf(record);
      })
      .map((record) => JSON.stringify(record)),

  '9 the chain of the audit is whole': (_, { verdict }) => (verdict.intact ? [] : [JSON.stringify(verdict)]),

  '10 the service recovers within ten seconds of a restart': ({ recoveries }) =>
    recoveries.filter((took) => took > LONGEST_RECOVERY).map((took) => `${took} ms`),
};

/**
 * Looks what became of the changes whose end nobody was told; from here on that is what is known of them. Each must be
 * done or not done: what is neither stays in doubt, which is a breach.
 */
export async function settleDoubts(ledger: Ledger, call: Call, system: KeyPair): Promise<string[]> {
  const { byName, audit } = await look(call, system, 0);
  const breaches: string[] = [];
  for (const [appId, { change, traces }] of ledger.inDoubt) {
    const account = byName.get(appId) ?? null;
    const known = ledger.accounts.get(appId) ?? null;
    const wasDone = !isThat(account, known);
    if (wasDone && !isThat(account, change.after()))
      breaches.push(`${change.event} of ${appId} is half done: ${JSON.stringify(account)}`);
    const told = traces.filter((traceId) => audit.some(({ by }) => by.traceId === traceId));
    if (told.length !== (wasDone ? 1 : 0)) breaches.push(`${change.event} of ${appId} is told ${told.length} times`);
    for (const traceId of traces) noteOutcome(ledger, traceId, told.includes(traceId) ? 'acknowledged' : 'refused');
    noteKnown(ledger, appId, asFound(account, known));
  }
  ledger.inDoubt.clear();
  return breaches;
}

/** Every breach of the ten invariants, by its sentence; empty when all is well. @param since the audit before that is not ours */
export async function findBreaches(ledger: Ledger, call: Call, system: KeyPair, since: number): Promise<string[]> {
  const breaches = await settleDoubts(ledger, call, system);
  const found = await look(call, system, since);
  for (const [name, check] of Object.entries(INVARIANTS))
    breaches.push(...(await check(ledger, found)).map((breach) => `${name}: ${breach}`));
  return breaches;
}

/** The number of the newest record of the audit. */
export async function endOfAudit(call: Call, system: KeyPair): Promise<number> {
  const { body } = await call('GET', '/auth/api/audit/list?limit=1', { as: platformHeaders(system, 'admin') });
  return Number((body.data as AuditJson[])[0]?.id ?? 0);
}

async function look(call: Call, system: KeyPair, since: number): Promise<Findings> {
  const as = platformHeaders(system, 'admin');
  const get = async <T>(path: string): Promise<T> => (await call('GET', `/auth/api${path}`, { as })).body.data as T;
  const all = await get<AccountJson[]>('/account/list');
  const accounts = all.filter(({ appId }) => appId !== 'claviger');
  const audit = await get<AuditJson[]>('/audit/list');
  return {
    accounts,
    byName: new Map(accounts.map((account) => [account.appId.toLowerCase(), account])),
    audit: audit.filter(({ id }) => Number(id) > since),
    verdict: await get<AuditVerdict>('/audit/verify'),
    isGood: async ({ accessKey, secretKey }) => {
      const body = { accessKey, secretKey };
      const answer = await call('POST', '/auth/api/account/credential/check', { as: platformHeaders(system), body });
      return (answer.body.data as { valid: boolean }).valid;
    },
  };
}

function lacksKeys({ authorizationGrantTypes: types, credentials }: AccountJson): boolean {
  const kept = new Set(credentials.map((held) => held.authorizationGrantType));
  return types.length === 0 || kept.size !== types.length || types.some((type) => !kept.has(type));
}

function keysOf(
  accounts: Ledger['accounts'],
  which: (key: { enabled: boolean }, locked: boolean) => boolean,
): readonly KeyPair[] {
  return [...accounts.values()].flatMap((known) =>
    (known?.keys ?? []).filter(isWhole).filter((key) => which(key, known?.locked ?? false)),
  );
}

async function keysThat(keys: readonly KeyPair[], isWrong: (key: KeyPair) => Promise<boolean>): Promise<string[]> {
  const wrong: string[] = [];
  for (const key of keys) if (await isWrong(key)) wrong.push(key.accessKey);
  return wrong;
}

function nameOf({ subject }: AuditJson): string {
  return subject.name.toLowerCase();
}
