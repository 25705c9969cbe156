import type { AccountJson, CredentialJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import { platformHeaders } from '../answer.js';
import type { ApiProcess } from '../api-process.js';

/** An account as its client was told; null: it is not there. */
type Known = { readonly description: string | null; readonly keys: readonly Key[] } | null;

/** Of a key pair whose making nobody was told of, only the type is known. */
type Key = { readonly type: string } & Partial<KeyPair>;

/** One request, and what it makes of the account. Nobody hears what was `told` when the process dies before. */
interface Write {
  readonly appId: string;
  readonly request: readonly [method: string, path: string, body?: object];
  after(told?: unknown): Known;
}

/** What one client was told, write by write. */
export interface Ledger {
  readonly accounts: Map<string, Known>;
  /** The write whose answer never came. */
  inDoubt: Write | null;
}

const ROOT = '/auth/api/account';
const BOTH = ['AUTHORIZATION_CODE', 'PLATFORM'];
const WEB = { homepageUrl: 'http://localhost', redirectUri: 'http://localhost/redirect', scope: ['PROJECT'] };

/** Writes one request after another until the process no longer answers. @throws when it refuses one */
export async function writeUntilItDies(
  { api, system, ledger, name }: { api: ApiProcess; system: KeyPair; ledger: Ledger; name: string },
  acknowledged: () => void,
): Promise<void> {
  const headers = { ...platformHeaders(system, 'admin'), prefer: 'return=representation' };
  for (let round = 0; ; round++) {
    const appId = `${name}-${round}`;
    // Every other account stays.
    for (const step of round % 2 === 0 ? STEPS : STEPS.slice(0, -1)) {
      const write = step(appId, ledger.accounts.get(appId) ?? null);
      const [method, path, body] = write.request;
      const answer = await api.call(method, ROOT + path, body ? { headers, body } : { headers }).catch(() => null);
      if (!answer) {
        ledger.inDoubt = write;
        return;
      }
      if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      ledger.accounts.set(appId, write.after(answer.body.data));
      acknowledged();
    }
  }
}

/** What an account goes through: each write there is, and one that makes and one that ends the keys of a whole type. */
const STEPS: readonly ((appId: string, known: Known) => Write)[] = [
  (appId) => ({
    appId,
    request: ['POST', '/create', { appId, authorizationGrantTypes: BOTH, description: 'new', ...WEB }],
    after: (told) => ({ description: 'new', keys: BOTH.map((type) => keyIn(told, type)) }),
  }),
  (appId, known) => ({
    appId,
    request: ['POST', `/credential/${appId}/PLATFORM`],
    after: (told) => ({ ...there(known), keys: [...there(known).keys, keyIn({ credentials: told }, 'PLATFORM')] }),
  }),
  (appId, known) => {
    const leaving = there(known).keys.find(({ type }) => type === 'PLATFORM');
    return {
      appId,
      request: ['DELETE', `/credential/${appId}/${leaving?.accessKey}`],
      after: () => ({ ...there(known), keys: there(known).keys.filter((key) => key !== leaving) }),
    };
  },
  (appId, known) => ({
    appId,
    request: ['PUT', '/update', { appId, authorizationGrantTypes: ['PLATFORM'], description: 'one type' }],
    after: () => ({ description: 'one type', keys: there(known).keys.filter(({ type }) => type === 'PLATFORM') }),
  }),
  (appId, known) => ({
    appId,
    request: ['PUT', '/update', { appId, authorizationGrantTypes: BOTH, description: 'two types' }],
    after: (told) => ({ description: 'two types', keys: [...there(known).keys, keyIn(told, 'AUTHORIZATION_CODE')] }),
  }),
  (appId) => ({ appId, request: ['DELETE', `/delete/${appId}`], after: () => null }),
];

function there(known: Known): NonNullable<Known> {
  if (!known) throw new Error('The account is not there.');
  return known;
}

/** The key pair of that type as an answer told it, if there was one. */
function keyIn(told: unknown, type: string): Key {
  const { credentials = [] } = (told ?? {}) as { credentials?: CredentialJson[] };
  const { accessKey, secretKey } = credentials.find((one) => one.authorizationGrantType === type) ?? {};
  return { type, accessKey, secretKey } as Key;
}

/** What is wrong with the accounts that are there, in sentences. From here on, what is there is what is known. */
export async function findDamage(api: ApiProcess, system: KeyPair, ledgers: readonly Ledger[]): Promise<string[]> {
  const { body } = await api.call('GET', `${ROOT}/list`, { as: platformHeaders(system, 'admin') });
  const found = new Map((body.data as AccountJson[]).map((account) => [account.appId, account]));
  const damage = [...found.values()].filter(lacksKeys).map(({ appId }) => `${appId} has not a key pair for each type`);
  for (const ledger of ledgers) {
    const { inDoubt, accounts } = ledger;
    if (inDoubt && !accounts.has(inDoubt.appId)) accounts.set(inDoubt.appId, null);
    for (const [appId, known] of accounts) {
      const account = found.get(appId) ?? null;
      const doubtful = inDoubt?.appId === appId;
      const possible = doubtful ? [known, inDoubt.after()] : [known];
      if (!possible.some((one) => isThat(account, one)))
        damage.push(
          `${appId} should be ${possible.map((one) => JSON.stringify(one)).join(' or ')}, and is ${JSON.stringify(account)}`,
        );
      if (doubtful) accounts.set(appId, asFound(account, known));
    }
    ledger.inDoubt = null;
  }
  return damage;
}

/** The access keys of acknowledged key pairs that are no longer good. */
export async function findDeadKeys(api: ApiProcess, system: KeyPair, ledgers: readonly Ledger[]): Promise<string[]> {
  const keys = ledgers.flatMap(({ accounts }) => [...accounts.values()].flatMap((known) => known?.keys ?? []));
  const dead: string[] = [];
  for (const { accessKey, secretKey } of keys) {
    if (!accessKey || !secretKey) continue;
    const as = platformHeaders(system);
    const { body } = await api.call('POST', `${ROOT}/credential/check`, { as, body: { accessKey, secretKey } });
    if (!(body.data as { valid: boolean }).valid) dead.push(accessKey);
  }
  return dead;
}

function lacksKeys({ authorizationGrantTypes: types, credentials }: AccountJson): boolean {
  const kept = new Set(credentials.map((one) => one.authorizationGrantType));
  return types.length === 0 || kept.size !== types.length || types.some((type) => !kept.has(type));
}

function isThat(found: AccountJson | null, known: Known): boolean {
  if (!found || !known) return !found && !known;
  const typesOf = (all: readonly string[]) => all.toSorted().join();
  const has = new Set<string>(found.credentials.map(({ accessKey }) => accessKey));
  return (
    found.description === known.description &&
    typesOf(found.credentials.map((one) => one.authorizationGrantType)) ===
      typesOf(known.keys.map(({ type }) => type)) &&
    known.keys.every(({ accessKey }) => !accessKey || has.has(accessKey))
  );
}

function asFound(found: AccountJson | null, known: Known): Known {
  if (!found) return null;
  const keys = found.credentials.map((one): Key => {
    const told = known?.keys.find(({ accessKey }) => accessKey === one.accessKey);
    return told ?? ({ type: one.authorizationGrantType, accessKey: one.accessKey } as Key);
  });
  return { description: found.description, keys };
}
