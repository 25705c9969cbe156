import cluster, { type Worker } from 'node:cluster';
import type { Config } from '@claviger/composition';
import type { Log } from './log.js';
import { serveMetrics } from './metrics.js';

/** What a worker is told when it shall end. Signals will not do: a terminal sends them to leader and workers alike. */
export const END = 'end';

/** Whether this process only leads others that serve. */
export function isLeader(config: Pick<Config, 'http.workers'>): boolean {
  return config['http.workers'] > 1 && cluster.isPrimary;
}

/**
 * Starts the workers, which share the port, and replaces those that die. One that ends before it listened has said why:
 * another would fare no better, so all end.
 */
export async function leadWorkers(config: Config, log: Log): Promise<void> {
  const metrics = await aggregatedMetrics(config);
  const serving = new Set<Worker>();
  let stopping = false;

  const stop = (): void => {
    stopping = true;
    for (const worker of workers())
      if (serving.has(worker) && worker.isConnected()) worker.send(END);
      // It may not listen to us yet, and has nothing in hand.
      else worker.process.kill('SIGTERM');
  };
  cluster.on('listening', (worker) => serving.add(worker));
  cluster.on('exit', (worker, code, signal) => {
    if (!serving.delete(worker) && !stopping) {
      process.exitCode = code || 1;
      stop();
    }
    if (!stopping) {
      log.error({ pid: worker.process.pid, code, signal }, 'a worker died and is replaced');
      cluster.fork();
    } else if (workers().length === 0) {
      metrics?.close();
      process.exit();
    }
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (!stopping) return stop();
      for (const worker of workers()) worker.process.kill('SIGKILL');
      process.exit(1);
    });

  log.info({ workers: config['http.workers'], ...(metrics && { metrics: metrics.port }) }, 'leading workers');
  for (let started = 0; started < config['http.workers']; started++) cluster.fork();
}

function workers(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
}

/** What all workers counted, added up. */
async function aggregatedMetrics(config: Pick<Config, 'http.host' | 'http.metricsPort'>) {
  if (config['http.metricsPort'] === null) return null;
  const { default: prometheus } = await import('prom-client');
  const registry = new prometheus.AggregatorRegistry();
  return serveMetrics(config['http.host'], config['http.metricsPort'], async () => [
    registry.contentType,
    await registry.clusterMetrics(),
  ]);
}
