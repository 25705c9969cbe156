import { join } from 'node:path';
import { base64, firstSecrets, FORM_TYPE, JSON_TYPE, startApi } from './api-server.js';
import type { RecordedAnswer } from './bare-server.js';
import { addColdKeys } from './cold-keys.js';
import { grantedToken } from './oauth-token.js';
import type { Load } from './load.js';
import type { ServerProcess } from './server-process.js';

const ACCOUNT = '/auth/api/account';
const CHECK = `${ACCOUNT}/credential/check`;
const INTROSPECTION = '/oauth/token/introspection';

interface KeyPair {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** An API under measurement, and what it is pressed with. */
export interface Subject {
  readonly api: ServerProcess;
  readonly folder: string;
  readonly url: string;
  readonly loads: Readonly<Record<LoadName, Load>>;
  /** Changes something that everybody could be judged by. */
  readonly change: () => Promise<void>;
  /** Makes a key pair. */
  readonly issue: () => Promise<KeyPair>;
  /** @returns its name */
  readonly openAccount: () => Promise<string>;
  /** To one of the accounts that were opened, four to each. */
  readonly addCredential: () => Promise<void>;
  readonly withdraw: (key: KeyPair) => Promise<void>;
  /** Whether a key pair is good, by another process perhaps. */
  readonly isGood: (key: KeyPair, origin?: string) => Promise<boolean>;
  /** One check. */
  readonly isAnswered: () => Promise<void>;
  /** The list of all accounts, as it is answered. @param query from `?` on */
  readonly list: (query: string) => Promise<Response>;
}

export type LoadName = 'hit' | 'byToken' | 'wrongSecret' | 'disabled' | 'cold' | 'introspection' | 'whoOneIs';

/** What each load is answered. */
export const EXPECTED: Readonly<Record<LoadName, RegExp>> = {
  hit: /"valid":true/,
  byToken: /"valid":true/,
  wrongSecret: /"valid":false/,
  disabled: /"valid":false/,
  cold: /"valid":false/,
  introspection: /"active":true/,
  whoOneIs: /"userId":"admin"/,
};

/** Starts an API on an empty database and makes what is asked about: never the key that the caller itself comes with. */
export async function startSubject(folder: string, url: string, workers = 1): Promise<Subject> {
  const api = await startApi(folder, url, workers);
  const first = await firstSecrets(api);
  const platform = { authorization: `Platform ${base64(`${first.accessKey}:${first.secretKey}`)}` };
  const asAdmin = { ...platform, 'x-bkrepo-uid': 'admin', ...JSON_TYPE };

  const call = async (method: string, path: string, body?: object, origin = api.origin): Promise<unknown> => {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: asAdmin,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (JSON.parse(text) as { data: unknown }).data;
  };

  let accounts = 0;
  const openAccount = async (): Promise<string> => {
    const appId = `bench-${accounts++}`;
    await call('POST', `${ACCOUNT}/create`, { appId, authorizationGrantTypes: ['PLATFORM'] });
    opened.push(appId);
    return appId;
  };
  const opened: string[] = [];
  let added = 0;
  const addCredential = async (): Promise<void> => {
    await call('POST', `${ACCOUNT}/credential/${opened[Math.floor(added++ / 4)]}/PLATFORM`);
  };
  const issue = async (): Promise<KeyPair> => {
    const appId = await openAccount();
    opened.pop();
    const [issued] = (await call('POST', `${ACCOUNT}/credential/${appId}/PLATFORM`)) as [KeyPair];
    names.set(issued.accessKey, appId);
    return { accessKey: issued.accessKey, secretKey: issued.secretKey };
  };
  const names = new Map<string, string>();
  const setStatus = ({ accessKey }: KeyPair, status: string) =>
    call('PUT', `${ACCOUNT}/credential/${names.get(accessKey)}/${accessKey}/${status}`);

  const [good, disabled, spare] = [await issue(), await issue(), await issue()];
  await setStatus(disabled, 'DISABLE');
  let spareIs = 'ENABLE';
  const token = await tokenOf(api, first.password);
  const granted = await grantedToken(api.origin, first, call);
  const cold = await addColdKeys(url, join(folder, 'claviger.db'), await openAccount());
  opened.pop();
  const check = (headers: Record<string, string>, key: KeyPair): Load => ({
    url: `${api.origin}${CHECK}`,
    method: 'POST',
    headers: { ...headers, ...JSON_TYPE },
    body: JSON.stringify(key),
  });
  const loads: Subject['loads'] = {
    hit: check(platform, good),
    byToken: check(token, good),
    wrongSecret: check(platform, { ...good, secretKey: disabled.secretKey }),
    disabled: check(platform, disabled),
    cold: {
      ...check(platform, good),
      bodies: cold.map((accessKey) => JSON.stringify({ accessKey, secretKey: good.secretKey })),
    },
    introspection: {
      url: `${api.origin}${INTROSPECTION}`,
      method: 'POST',
      headers: { ...granted.client, ...FORM_TYPE },
      body: `token=${granted.token}`,
    },
    whoOneIs: { url: `${api.origin}/auth/api/user/info`, method: 'GET', headers: token },
  };
  return {
    api,
    folder,
    url,
    loads,
    change: async () => {
      spareIs = spareIs === 'ENABLE' ? 'DISABLE' : 'ENABLE';
      await setStatus(spare, spareIs);
    },
    issue,
    openAccount,
    addCredential,
    withdraw: async (key) => void (await setStatus(key, 'DISABLE')),
    isAnswered: async () => {
      await (await fetch(loads.hit.url, loads.hit)).text();
    },
    list: (query) => fetch(`${api.origin}${ACCOUNT}/list${query}`, { headers: asAdmin }),
    isGood: async (key, origin) => ((await call('POST', CHECK, key, origin)) as { valid: boolean }).valid,
  };
}

/** What the API answers, for the bare server to answer with. @throws unless it is what was expected */
export async function recordOf({ url, bodies, ...load }: Load, expected: RegExp): Promise<RecordedAnswer> {
  const [first] = bodies ?? [];
  const answer = await fetch(url, first === undefined ? load : { ...load, body: first });
  const body = await answer.text();
  if (!answer.ok || !expected.test(body)) throw new Error(`${url} answered ${answer.status} ${body}`);
  const own = ['content-type', 'cache-control', 'x-content-type-options'];
  return { body, headers: Object.fromEntries(own.map((name) => [name, answer.headers.get(name) ?? ''])) };
}

async function tokenOf(api: ServerProcess, password: string): Promise<{ authorization: string }> {
  const headers = { authorization: `Basic ${base64(`admin:${password}`)}` };
  const answer = await fetch(`${api.origin}/auth/api/user/token/get`, { headers });
  return { authorization: `Bearer ${((await answer.json()) as { accessToken: string }).accessToken}` };
}
