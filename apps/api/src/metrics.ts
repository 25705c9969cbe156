import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, type Config } from '@claviger/composition';
import type { FastifyInstance } from 'fastify';

/** What the API counts, and tells Prometheus on an address of its own. */
export interface Metrics {
  /** Counts every answer of that server. */
  readonly count: (server: FastifyInstance) => void;
  /** A change took so many milliseconds to become known here. */
  readonly onPropagation: (milliseconds: number) => void;
  readonly port: number;
  readonly close: () => void;
}

type MetricsConfig = Pick<Config, 'http.host' | 'http.metricsPort'>;

interface CountedRoute {
  readonly timer: { readonly observe: (seconds: number) => void };
  readonly byStatus: Map<number, { readonly inc: () => void }>;
}

/** Null when nobody configured a port for it. @throws ConfigError when nobody can listen there */
export async function openMetrics(config: MetricsConfig): Promise<Metrics | null> {
  const port = config['http.metricsPort'];
  if (port === null) return null;
  const { collectDefaultMetrics, Counter, Histogram, Registry } = await import('prom-client');
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: 'claviger_http_requests_total',
    help: 'Requests that were answered, by route and status.',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'claviger_http_request_seconds',
    help: 'From the headers of a request to the end of its answer.',
    labelNames: ['method', 'route'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
    registers,
  });
  const propagation = new Histogram({
    name: 'claviger_change_propagation_seconds',
    help: 'From the beginning of the transaction of a change until it was known here; PostgreSQL alone.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers,
  });
  const server = await listen(config['http.host'], port, async () => [registry.contentType, await registry.metrics()]);
  return {
    count: (counted) => {
      // To look labels up costs more than to count, so what they stand for is kept with the route.
      const kept = new WeakMap<object, Map<string, CountedRoute>>();
      counted.addHook('onResponse', (request, reply, done) => {
        const { method, routeOptions } = request;
        const ofRoute = kept.get(routeOptions.config) ?? new Map<string, CountedRoute>();
        kept.set(routeOptions.config, ofRoute);
        const { url: route = 'none' } = routeOptions;
        const one = ofRoute.get(method) ?? { timer: durations.labels({ method, route }), byStatus: new Map() };
        ofRoute.set(method, one);
        const status = reply.statusCode;
        const counter = one.byStatus.get(status) ?? requests.labels({ method, route, status: String(status) });
        one.byStatus.set(status, counter);
        counter.inc();
        one.timer.observe(reply.elapsedTime / 1000);
        done();
      });
    },
    port: (server.address() as AddressInfo).port,
    onPropagation: (milliseconds) => propagation.observe(milliseconds / 1000),
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(host: string, port: number, tell: () => Promise<readonly [string, string]>): Promise<Server> {
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    if (request.url !== '/metrics' || request.method !== 'GET') response.writeHead(404).end();
    else
      void tell().then(
        ([type, text]) =>
          response.writeHead(200, { 'content-type': type, 'x-content-type-options': 'nosniff' }).end(text),
        () => response.writeHead(500).end(),
      );
  });
  server.listen(port, host);
  await once(server, 'listening').catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(`http.metricsPort: nobody can listen there (${error.code ?? error.message})`);
  });
  return server;
}
