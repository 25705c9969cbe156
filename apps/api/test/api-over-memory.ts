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

/** What the API stands on. */
interface Ground extends Service {
  readonly database: MemoryDatabase;
  readonly clock: FixedClock;
  /** The key pair of the platform account `claviger`, whose scope is SYSTEM. */
  readonly system: KeyPair;
}

export interface ApiOverMemory extends Ground {
  readonly app: NestFastifyApplication;
  readonly server: FastifyInstance;
  readonly life: Life;
  /** The log, line by line. */
  readonly lines: Record<string, unknown>[];
  readonly call: Call;
  /** Begins anew with an empty database: making another app takes longer. */
  renew(): Promise<void>;
  /** From now on these use cases are others. */
  swap(others: Partial<Platform>): void;
  /** From now on every use of the platform fails that way. */
  breakWith(error: unknown): void;
}

const HTTP_CONFIG: HttpConfig = {
  'http.headersTimeout': 10_000,
  'http.requestTimeout': 15_000,
  'http.bodyLimit': 65_536,
  'http.trustProxy': false,
  'http.publicUrl': null,
};

async function freshGround(): Promise<Ground> {
  const [database, clock] = [memoryDatabase(), fixedClock()];
  const ports = { secrets: plainSecrets(), passwords: plainPasswords(), ids: countingIds(), clock };
  const everything = platform({ ...database, ...ports });
  const first = await everything.firstRun();
  if (!first?.keyPair) throw new Error('The database was not empty.');
  return { platform: everything, ping: async () => undefined, database, clock, system: first.keyPair };
}

/** The whole API on stores in memory; not listening, called by injection. */
export async function apiOverMemory(config: Partial<HttpConfig> = {}): Promise<ApiOverMemory> {
  let ground = await freshGround();
  let broken: { error: unknown } | null = null;
  const inOrder = (): Ground => {
    if (broken) throw broken.error;
    return ground;
  };
  const service: Service = {
    get platform() {
      return inOrder().platform;
    },
    ping: async () => inOrder().ping(),
  };
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const { app, life } = await createApp({ service, config: { ...HTTP_CONFIG, ...config }, log, openApi: '{}' });
  const server = app.getHttpAdapter().getInstance();

  const call: Call = async (method, url, { as = {}, headers = {}, body } = {}) => {
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
  };

  return {
    app,
    server,
    life,
    lines,
    call,
    get platform(): Platform {
      return ground.platform;
    },
    get database() {
      return ground.database;
    },
    get clock() {
      return ground.clock;
    },
    get system() {
      return ground.system;
    },
    ping: service.ping,
    renew: async () => {
      [ground, broken] = [await freshGround(), null];
    },
    swap: (others) => {
      ground = { ...ground, platform: { ...ground.platform, ...others } };
    },
    breakWith: (error) => {
      broken = { error };
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
