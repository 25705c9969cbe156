import { platform, type Platform } from '@claviger/application';
import { OPERATOR, type KeyPair } from '@claviger/domain';
import {
  countingIds,
  fixedClock,
  memoryDatabase,
  plainPasswords,
  plainSecrets,
  type FixedClock,
  type MemoryDatabase,
} from '@claviger/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { createApp } from '../src/create-app.js';
import type { HttpConfig } from '../src/http-server.js';
import type { Life } from '../src/life.js';
import type { Service } from '../src/service.js';
import type { Answer, Call } from './answer.js';

export interface ApiOverMemory {
  readonly app: NestFastifyApplication;
  readonly server: FastifyInstance;
  readonly life: Life;
  readonly platform: Platform;
  readonly database: MemoryDatabase;
  readonly clock: FixedClock;
  /** The log, line by line. */
  readonly lines: readonly Record<string, unknown>[];
  /** The key pair of the platform account `claviger`, whose scope is SYSTEM. */
  readonly system: KeyPair;
  readonly call: Call;
}

export const HTTP_CONFIG: HttpConfig = {
  'http.headersTimeout': 10_000,
  'http.requestTimeout': 15_000,
  'http.bodyLimit': 65_536,
  'http.trustProxy': false,
  'http.publicUrl': null,
};

/** The whole API on stores in memory; not listening, called by injection. */
export async function apiOverMemory(
  config: Partial<HttpConfig> = {},
  change: (service: Service) => Service = (service) => service,
): Promise<ApiOverMemory> {
  const database = memoryDatabase();
  const clock = fixedClock();
  const everything = platform({
    ...database,
    secrets: plainSecrets(),
    passwords: plainPasswords(),
    ids: countingIds(),
    clock,
  });
  const first = await everything.firstRun();
  if (!first?.keyPair) throw new Error('The database was not empty.');
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const service = change({ platform: everything, ping: async () => undefined });
  const { app, life } = await createApp({ service, config: { ...HTTP_CONFIG, ...config }, log, openApi: '{}' });
  const server = app.getHttpAdapter().getInstance();
  return {
    app,
    server,
    life,
    platform: everything,
    database,
    clock,
    lines,
    system: first.keyPair,
    call: async (method, url, { as = {}, headers = {}, body } = {}) => {
      const payload = body === undefined ? {} : { payload: body as NonNullable<InjectOptions['payload']> };
      const answer = await server.inject({ method: method as 'GET', url, headers: { ...as, ...headers }, ...payload });
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text: answer.body,
        get body() {
          return JSON.parse(answer.body) as Answer['body'];
        },
      };
    },
  };
}

/** A platform account with that scope, and its key pair. */
export async function aPlatform(
  { platform: all }: Pick<ApiOverMemory, 'platform'>,
  appId: string,
  scope: readonly string[] = [],
): Promise<KeyPair> {
  const { keyPairs } = await all.createAccount(OPERATOR, { appId, authorizationGrantTypes: ['PLATFORM'], scope });
  const [key] = keyPairs;
  if (!key) throw new Error('The account was made without a key.');
  return key;
}
