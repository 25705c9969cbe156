import cluster from 'node:cluster';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import {
  ConfigError,
  DatabaseRefused,
  demandTrustedHeader,
  loadConfig,
  openLog,
  openPlatform,
} from '@claviger/composition';
import type { Api } from './create-app.js';
import { firstRunNotice, reachableAddress } from './first-run-notice.js';
import type { Log } from './log.js';
import { openMetrics } from './metrics.js';
import { serviceInOpening, type ClosableService } from './service-in-opening.js';
import { END, isLeader, leadWorkers } from './workers.js';

/** How long requests in flight may take once the process shall end; milliseconds. */
const GRACE = 10_000;

async function main(): Promise<void> {
  const { config, warnings } = loadConfig({ env: process.env, cwd: process.cwd() });
  demandTrustedHeader(config);
  const opened = await openLog(config, 'api');
  // Several write to one place.
  const log = cluster.isWorker ? opened.child({ pid: process.pid }) : opened;
  for (const warning of warnings) log.warn(warning);

  if (isLeader(config)) return leadWorkers(config, log);

  const metrics = await openMetrics(config);
  const opening = openPlatform(config, log, metrics ?? {});
  const service = serviceInOpening(opening);
  // Loaded while the database is opened, and not at all for a configuration that is refused.
  const { createApp } = await import('./create-app.js');
  const openApi = await readFile(new URL('openapi.json', import.meta.url), 'utf8');
  const api = await createApp({ service, config, log, openApi, metrics });
  endOnSignal(api, service, log, () => metrics?.close());
  await listen(api, config['http.host'], config['http.port']);
  const address = addressOf(api);
  log.info({ address, ...(metrics?.port && { metrics: metrics.port }) }, 'listening');

  const { platform } = await opening;
  const first = await platform.firstRun();
  log.info('ready');
  if (first) process.stderr.write(firstRunNotice(first, address));
}

/**
 * The first SIGTERM or SIGINT lets requests in flight end, the second one ends the process at once. A worker is told by
 * its leader; SIGTERM will do too, SIGINT is for the leader, and a second time nothing.
 */
function endOnSignal({ app, life }: Api, service: ClosableService, log: Log, atLast: () => void): void {
  const end = async (): Promise<void> => {
    if (life.stopping) return;
    log.info('ending');
    await life.drain(GRACE);
    app.getHttpServer().closeAllConnections();
    await app.close();
    await service.close();
    atLast();
    process.exit(0);
  };
  if (cluster.isWorker) {
    process.on('message', (message) => {
      if (message === END) void end();
    });
    process.on('SIGTERM', () => void end());
    process.on('SIGINT', () => undefined);
    return;
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (life.stopping) process.exit(1);
      void end();
    });
}

async function listen({ app }: Api, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    throw new ConfigError(`http.host and http.port: nobody can listen there (${code})`);
  }
}

function addressOf({ app }: Api): string {
  const { address, port } = app.getHttpServer().address() as AddressInfo;
  return reachableAddress(address, port);
}

try {
  await main();
} catch (error) {
  const foreseen = error instanceof ConfigError || error instanceof DatabaseRefused;
  const told = error instanceof Error ? (foreseen ? error.message : error.stack) : String(error);
  process.stderr.write(`claviger api: ${told}\n`);
  process.exit(1);
}
