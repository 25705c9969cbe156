import type { Platform } from '@claviger/application';
import { configWith, type Config } from '@claviger/composition';
import { OPERATOR, type KeyPair, type RequestLimit } from '@claviger/domain';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, InjectOptions } from 'fastify';
import { pino } from 'pino';
import { createApp, type AppDeps } from '../src/create-app.js';
import type { Life } from '../src/life.js';
import type { Service } from '../src/service.js';
import type { Answer, Call } from './answer.js';
import { freshGround, type Ground } from './ground.js';

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
  /** From now on requests are limited so. */
  limit(requests: RequestLimit): void;
  /** From now on every use of the platform fails that way. */
  breakWith(error: unknown): void;
}

/** The whole API on stores in memory; not listening, called by injection. */
export async function apiOverMemory(
  config: Partial<Config> = {},
  { level = 'debug', metrics = null }: { level?: string; metrics?: AppDeps['metrics'] } = {},
): Promise<ApiOverMemory> {
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
    get requests() {
      return inOrder().requests;
    },
    get oauthCookieKey() {
      return inOrder().oauthCookieKey;
    },
    ping: async () => inOrder().ping(),
  };
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const { app, life } = await createApp({ service, config: configWith(config), log, metrics, openApi: '{}' });
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
    get failures() {
      return ground.failures;
    },
    get messenger() {
      return ground.messenger;
    },
    get requests() {
      return ground.requests;
    },
    get password() {
      return ground.password;
    },
    get system() {
      return ground.system;
    },
    get oauthCookieKey() {
      return ground.oauthCookieKey;
    },
    ping: service.ping,
    renew: async () => {
      [ground, broken] = [await freshGround(), null];
    },
    swap: (others) => {
      ground = { ...ground, platform: { ...ground.platform, ...others } };
    },
    limit: (requests) => {
      ground = { ...ground, requests };
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
