import 'reflect-metadata';
import type { Config } from '@claviger/composition';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiModule } from './api.module.js';
import { quickChecks } from './accounts/quick-checks.js';
import { serveChecks } from './accounts/serve-checks.js';
import { serveDocs } from './docs-page/serve-docs.js';
import { guardCallers } from './caller/caller-guard.js';
import { RefusalFilter } from './errors/refusal.filter.js';
import { serveOAuth } from './oauth/serve-oauth.js';
import { passOn } from './gateway/pass-on.js';
import { httpServer } from './http-server.js';
import { watchOver, type Life } from './life.js';
import { limitRequests } from './limits/limit-requests.js';
import { nestLog, type Log } from './log.js';
import type { Metrics } from './metrics.js';
import { servePages } from './pages/serve-pages.js';
import type { Service } from './service.js';
import { tellOfAnswers } from './tell-of-answers.js';

export interface AppDeps {
  readonly service: Service;
  readonly config: Config;
  readonly log: Log;
  /** Null: nobody counts. */
  readonly metrics?: Pick<Metrics, 'count'> | null;
  /** The OpenAPI document, as JSON. */
  readonly openApi: string;
}

export interface Api {
  readonly app: NestFastifyApplication;
  readonly life: Life;
}

/** The whole API over what it stands on; it listens when it is told to. */
export async function createApp({ service, config, log, openApi, metrics = null }: AppDeps): Promise<Api> {
  const quick = quickChecks({ service, config, log, metrics });
  const server = httpServer(config, log, quick.serve);
  const life = watchOver(server.server);
  tellOfAnswers(server, log, metrics);
  guardCallers(server, service, config, limitRequests(service, config['limits.requests.window']));
  // In a context of their own, whose refusals do not pass Nest either.
  const refusals = new RefusalFilter(log, config, service);
  await server.register(async (checks) => {
    checks.setErrorHandler((error, request, reply) => refusals.answer(error, request, reply));
    checks.addHook('onRequest', quick.refuseAgain);
    serveChecks(checks, service);
  });
  serveDocs(server, openApi);
  servePages(server, config['http.publicUrl']);
  passOn(server, config);
  serveOAuth(server, service, config, log);
  const module = ApiModule.over({ service, life, config });
  // The adapter looks for its options on the server. Express middleware would cost every request a round; there is none.
  server.decorate('skipMiddie', true);
  const app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(server), {
    bodyParser: false,
    logger: nestLog(log),
    abortOnError: false,
  });
  app.useGlobalFilters(refusals);
  await app.init();
  await server.ready();
  return { app, life };
}
