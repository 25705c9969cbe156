import { readFileSync } from 'node:fs';
import type { AccountJson, CredentialJson, TokenJson, WebhookJson } from '@claviger/application';
import type { KeyPair } from '@claviger/domain';
import type { OpenAPIObject } from '@nestjs/swagger';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { platformHeaders, type Answer, type Call } from '../test/answer.js';
import { apiOverMemory, type ApiOverMemory } from '../test/api-over-memory.js';
import { startFirst, type ApiProcess } from '../test/api-process.js';
import { documentSchemas } from '../test/document-schemas.js';
import { freshSettings } from '../test/processes/settings.js';
import { anyDocumentRequest, operationsOf, type DocumentRequest, type Operation } from './document-requests.js';
import { report } from './report.js';

const SEED = 7300;
const [IN_MEMORY, OVER_HTTP] = [10_000, 1_000];
/** Milliseconds. */
const LONGEST = 1_000;
const PASSWORD = 'correct horse battery';

const document = JSON.parse(readFileSync(new URL('../dist/openapi.json', import.meta.url), 'utf8')) as OpenAPIObject;
const schemas = documentSchemas(document);
const operations = operationsOf(document);

/** Who calls, and what there is to be asked for. */
interface Stage {
  readonly call: Call;
  readonly callers: Readonly<Record<string, Record<string, string>>>;
  readonly pools: Readonly<Record<string, readonly string[]>>;
}

/** Those who may do more are more often there. */
const CALLERS = [
  ...Array.from({ length: 8 }, () => 'admin'),
  ...Array.from({ length: 2 }, () => 'user'),
  'session',
  'token',
  'platform',
  'nobody',
  'stranger',
  'locked',
  'both',
];

describe('whatever the document lets somebody ask for, the API', () => {
  let api: ApiOverMemory;
  beforeAll(async () => {
    api = await apiOverMemory();
  });
  afterAll(() => api.app.close());

  test('answers 10,000 times as it is documented, without a fault and within a second', async () => {
    const statuses = await fuzz(
      async () => {
        await api.renew();
        return stageOn(api.call, api.system);
      },
      { least: IN_MEMORY, each: 100, asked: operations },
    );
    // It went everywhere, or this would prove little.
    expect(statuses).toEqual(expect.arrayContaining([200, 201, 400, 401, 403, 404, 409, 413, 414, 415, 422, 423]));
    expect(api.lines.filter(({ level }) => level === 'error')).toEqual([]);
  }, 300_000);

  const freshSetting = freshSettings(async () => ({ CLAVIGER_LIMITS_ENABLED: 'false' }));
  test('does so as a real process too, 1,000 times', async () => {
    const real: ApiProcess & { readonly system: KeyPair } = await startFirst(await freshSetting());
    const stage = await stageOn(real.call, real.system);
    // A test of a webhook would look for its host in the network.
    const asked = operations.filter(({ path }) => !path.includes('/webhook/test/'));
    await fuzz(async () => stage, { least: OVER_HTTP, each: 50, asked });
    expect(real.printed.stdout).not.toContain('"level":"error"');
    expect(await real.stop()).toBe(0);
  }, 120_000);
});

/** Asks what it is asked to ask until it was so often enough, and gives every status that was answered. */
async function fuzz(
  renew: () => Promise<Stage>,
  { least, each, asked: which }: { least: number; each: number; asked: readonly Operation[] },
): Promise<number[]> {
  let stage = await renew();
  // What there is has other names each time; the requests name it by its place.
  const pools = (name: string) =>
    Object.keys(stage.pools[POOL_OF[name] ?? ''] ?? []).map((i) => `{${POOL_OF[name]}:${i}}`);
  const request = anyDocumentRequest(document, which, CALLERS, pools);
  const seen = new Map<number, number>();
  const counted = { asked: 0, slowest: 0 };
  const began = performance.now();
  for (let round = 0; counted.asked < least; round++) {
    await fc.assert(
      fc.asyncProperty(fc.array(request, { minLength: 1, maxLength: each, size: 'max' }), async (requests) => {
        stage = await renew();
        for (const one of requests) {
          const { status, took } = await askFor(one, stage);
          seen.set(status, (seen.get(status) ?? 0) + 1);
          counted.asked++;
          counted.slowest = Math.max(counted.slowest, took);
        }
      }),
      { seed: SEED + round, numRuns: 10 },
    );
  }
  const told = [...seen].toSorted(([a], [b]) => a - b).map(([status, times]) => `${status}: ${times}`);
  const { asked, slowest } = counted;
  process.stderr.write(`${told.join(', ')}; in all ${Math.round(performance.now() - began)} ms\n`);
  report('fuzzing by the document', { requests: asked, slowest: Math.round(slowest) });
  return [...seen.keys()];
}

async function askFor(request: DocumentRequest, { call, callers, pools }: Stage) {
  const named = (text: string) =>
    text.replaceAll(
      /(?:\{|%7B)(\w+)(?::|%3A)(\d+)(?:\}|%7D)/g,
      (whole, pool: string, i: string) => pools[pool]?.[Number(i)] ?? whole,
    );
  const [url, body] = [named(request.url), request.body === undefined ? undefined : named(request.body)];
  const headers = { 'accept-language': request.language, ...(request.type ? { 'content-type': request.type } : {}) };
  const began = performance.now();
  const answer = await call(request.method.toUpperCase(), url, {
    as: callers[request.caller],
    headers,
    ...(body === undefined || request.method === 'get' ? {} : { body }),
  });
  const took = performance.now() - began;
  const faults = faultsIn(answer, request.method, url);
  if (took > LONGEST) faults.push(`It took ${took} ms.`);
  const told = { ...request, url, body, status: answer.status, text: answer.text.slice(0, 500), faults };
  expect(told).toEqual({ ...told, faults: [] });
  return { status: answer.status, took };
}

/** What in an answer is not as the document says, in sentences. */
function faultsIn({ status, headers, text }: Answer, method: string, url: string): string[] {
  if (status >= 500) return [`The status is ${status}.`];
  const path = documentedPath(url);
  const operation = operations.find((one) => one.path === path && one.method === method);
  const [type = ''] = String(headers['content-type'] ?? '').split(';');
  const isJson = type === 'application/json';
  if (status >= 400 && !operation && type === 'text/html' && url.startsWith('/oauth/')) return [];
  if (!path || !operation) return isJson ? schemaFaults(ANY_REFUSAL, status, JSON.parse(text)) : ['It is no JSON.'];
  const responses = document.paths[path]?.[method as 'get']?.responses ?? {};
  const documented = responses[String(status)] ?? responses['default'];
  if (!documented) return [`The document does not know ${status} of ${method} ${path}.`];
  const types = 'content' in documented ? Object.keys(documented.content ?? {}) : [];
  if (types.length === 0) return [];
  if (!types.includes(type)) return [`It is ${type}, not ${types.join()}.`];
  return type.endsWith('json') && !type.endsWith('ndjson')
    ? schemas.errorsOf({ method, path, status, body: JSON.parse(text), type })
    : [];
}

/** An operation whose refusals are told in the envelope: so is what no operation is. */
const ANY_REFUSAL = { method: 'get', path: '/auth/api/account/detail/{appId}' };

function schemaFaults(operation: typeof ANY_REFUSAL, status: number, body: unknown): string[] {
  if (status < 400) return [`The status is ${status} where there is no operation.`];
  return schemas.errorsOf({ ...operation, status: 404, body });
}

const patterns = Object.keys(document.paths)
  .toSorted((a, b) => a.split('{').length - b.split('{').length)
  .map(
    (path) =>
      [
        path,
        new RegExp(
          `^(/ms(?=/auth))?${path
            .replaceAll('.', '\\.')
            .replaceAll(/\{path\}/g, '.*')
            .replaceAll(/\{\w+\}/g, '[^/]+')}$`,
        ),
      ] as const,
  );

/** The path of the document that an URL is of; the most literal one wins, as in the router. */
function documentedPath(url: string): string | undefined {
  // As whoever sends it understands its dots.
  const path = new URL(url, 'http://x').pathname;
  return patterns.find(([, pattern]) => pattern.test(path))?.[0];
}

/** Which of the things that there are a field or parameter names. */
const POOL_OF: Readonly<Record<string, string>> = {
  appId: 'appIds',
  client_id: 'accessKeys',
  accessKey: 'accessKeys',
  secretKey: 'secretKeys',
  client_secret: 'secretKeys',
  accessKey_or_appId: 'both',
  accessKey_or_secretKey_or_type: 'either',
  secretKey_or_status: 'either',
  userId: 'userIds',
  owner: 'userIds',
  id: 'ids',
  eventId: 'ids',
  password: 'passwords',
  oldPassword: 'passwords',
};

/** Users, accounts, keys, tokens and webhooks to do anything with; and callers of every kind. */
async function stageOn(call: Call, system: KeyPair): Promise<Stage> {
  const admin = platformHeaders(system, 'admin');
  const alice = { ...admin, 'x-bkrepo-uid': 'alice' };
  const send = async (path: string, body: object, as = admin) =>
    (await call('POST', `/auth/api${path}`, { as, body })).body.data as never;
  for (const userId of ['alice', 'bob']) await send('/user/create', { userId, password: PASSWORD });
  const web = { homepageUrl: 'https://app.example/', redirectUri: 'https://app.example/back', scope: ['PROJECT'] };
  const both = { authorizationGrantTypes: ['AUTHORIZATION_CODE', 'PLATFORM'], ...web };
  const accounts: AccountJson[] = [
    await send('/account/create', { appId: 'fuzz-0', ...both }),
    await send('/account/create', { appId: 'fuzz-1', ...both, scope: ['SYSTEM'], locked: true }),
    await send('/account/create', { appId: 'fuzz-2', authorizationGrantTypes: ['AUTHORIZATION_CODE'], ...web }, alice),
  ];
  const token: TokenJson = await send('/user/token/create', { name: 'fuzz' }, alice);
  const webhook: WebhookJson = await send('/webhook/create', { url: 'https://hooks.example/' });
  const login = await call('POST', '/auth/api/user/login', { body: { userId: 'alice', password: PASSWORD } });
  const [cookie = ''] = String(login.headers['set-cookie']).split(';');
  const keys: readonly CredentialJson[] = accounts.flatMap(({ credentials }) => credentials);
  const lockedKey = accounts[1]?.credentials.find((key) => key.authorizationGrantType === 'PLATFORM');
  const accessKeys = keys.map(({ accessKey }) => accessKey);
  const secretKeys = keys.map(({ secretKey }) => secretKey);
  const appIds = [...accounts.map(({ appId }) => appId), 'FUZZ-0', 'missing'];
  const bearer = { authorization: `Bearer ${token.accessToken}` };
  return {
    call,
    callers: {
      nobody: {},
      stranger: platformHeaders({ ...system, secretKey: secretKeys[0] as KeyPair['secretKey'] }, 'admin'),
      locked: platformHeaders({ ...system, ...(lockedKey as KeyPair | undefined) }, 'admin'),
      user: alice,
      session: { cookie },
      token: bearer,
      admin,
      platform: platformHeaders(system),
      both: { ...bearer, cookie },
    },
    pools: {
      appIds,
      accessKeys,
      secretKeys,
      both: [...appIds, ...accessKeys],
      either: [...secretKeys, ...accessKeys, 'ENABLE', 'DISABLE', 'PLATFORM', 'AUTHORIZATION_CODE'],
      userIds: ['alice', 'bob', 'admin', 'missing'],
      ids: [token.id, webhook.id, accounts[0]?.id ?? ''],
      passwords: [PASSWORD, `${PASSWORD} 2`],
    },
  };
}
