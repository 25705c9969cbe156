import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module.js';
import { serveDocs } from './docs-page/serve-docs.js';
import { guardCallers } from './caller/caller-guard.js';
import { RefusalFilter } from './errors/refusal.filter.js';
import { httpServer, type HttpConfig } from './http-server.js';
import { watchOver, type Life } from './life.js';
import { nestLog, type Log } from './log.js';
import { logRequests } from './request-log.js';
import type { Service } from './service.js';

export interface AppDeps {
  readonly service: Service;
  readonly config: HttpConfig;
  readonly log: Log;
  /** The OpenAPI document, as JSON. */
  readonly openApi: string;
}

export interface Api {
  readonly app: NestFastifyApplication;
  readonly life: Life;
}

/** The whole API over what it stands on; it listens when it is told to. */
export async function createApp({ service, config, log, openApi }: AppDeps): Promise<Api> {
  const adapter = httpServer(config, log);
  const server = adapter.getInstance();
  const life = watchOver(server.server);
  logRequests(server, log);
  guardCallers(server, service);
  serveDocs(server, openApi);
  const module = ApiModule.over({ service, life, linkBase: config['http.publicUrl'] });
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, {
    bodyParser: false,
    logger: nestLog(log),
    abortOnError: false,
  });
  app.useGlobalFilters(new RefusalFilter(log));
  await app.init();
  await server.ready();
  return { app, life };
}
