import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConfigError, type Config } from '@claviger/composition';
import type { AggregatorRegistry, Registry } from 'prom-client';
import type { Answered, CountedRoute } from './answer-counts.js';

/** What the API counts, and tells Prometheus on an address of its own. */
export interface Metrics {
  readonly count: (route: CountedRoute, answered: Answered) => void;
  /** A change took so many milliseconds to become known here. */
  readonly onPropagation: (milliseconds: number) => void;
  /** Null in a worker: its leader tells them. */
  readonly port: number | null;
  readonly close: () => void;
}

type MetricsConfig = Pick<Config, 'http.host' | 'http.metricsPort'>;

/** Null when nobody configured a port for it. @throws ConfigError when nobody can listen there */
export async function openMetrics(config: MetricsConfig): Promise<Metrics | null> {
  const port = config['http.metricsPort'];
  if (port === null) return null;
  // Loaded where somebody wants it.
  const [{ default: prometheus }, { countAnswers }] = await Promise.all([
    import('prom-client'),
    import('./answer-counts.js'),
  ]);
  const { AggregatorRegistry, collectDefaultMetrics, Histogram, Registry } = prometheus;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const count = countAnswers(registry);
  const propagation = new Histogram({
    name: 'claviger_change_propagation_seconds',
    help: 'From the beginning of the transaction of a change until it was known here; PostgreSQL alone.',
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [registry],
  });
  const tell: Tell = async () => [registry.contentType, await registry.metrics()];
  const served = cluster.isWorker
    ? forLeader(registry, AggregatorRegistry)
    : await serveMetrics(config['http.host'], port, tell);
  return {
    ...served,
    count,
    onPropagation: (milliseconds) => propagation.observe(milliseconds / 1000),
  };
}

type Tell = () => Promise<readonly [type: string, text: string]>;
type Served = Pick<Metrics, 'port' | 'close'>;

/** Answers the leading process, which asks all workers. */
function forLeader(registry: Registry, Aggregator: typeof AggregatorRegistry): Served {
  Aggregator.setRegistries(registry);
  void new Aggregator();
  return { port: null, close: () => undefined };
}

/** @throws ConfigError when nobody can listen there */
export async function serveMetrics(host: string, port: number, tell: Tell): Promise<Served> {
  const server = await listen(host, port, tell);
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function listen(host: string, port: number, tell: Tell): Promise<Server> {
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
