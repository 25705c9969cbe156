import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, DatabaseRefused, loadConfig, openLog, openPlatform, type Config } from '@claviger/composition';
import { endingOf } from './ending.js';
import { handlersOn, periodsIn } from './handlers.js';
import { serveHealth, type Health, type HealthServer } from './health-server.js';
import { openMetrics } from './metrics.js';
import { runRounds, type Pause, type Round } from './rounds.js';

/** Milliseconds. So late an event is noticed at most, and so late the beginning of a period. */
const [PUBLISH, CLAIM] = [250, 1_000];

const pause: Pause = (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined);

async function main(ending: AbortSignal): Promise<void> {
  const { config, warnings } = loadConfig({ env: process.env, cwd: process.cwd() });
  const log = await openLog(config, 'worker');
  for (const warning of warnings) log.warn(warning);

  // While it waits for the database there is nothing to finish.
  const leave = () => process.exit(0);
  ending.addEventListener('abort', leave);
  const { platform, jobs, ping, close } = await openPlatform(config, log, { guarded: false });
  ending.removeEventListener('abort', leave);

  const metrics = openMetrics(platform, jobs, Date.now);
  const isEnding = () => ending.aborted;
  const server = await listen(config, { ping, isEnding, metrics }).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const periods = periodsIn(config);
  const rounds: readonly Round[] = [
    { name: 'publish', pause: PUBLISH, run: async () => void (await platform.publishEvents()) },
    { name: 'claim', pause: CLAIM, run: async () => void (await platform.claimDue(periods)) },
  ];
  log.info({ tasks: Object.keys(periods), health: server.port }, 'ready');
  ending.addEventListener('abort', () => log.info('ending'));
  await Promise.all([
    runRounds(rounds, { log, pause, signal: ending }),
    jobs.run(handlersOn(platform, config, { log, metrics, isEnding }), {
      ending: aborted(ending),
      concurrency: config['worker.concurrency'],
      onFailure: (task, error) => {
        metrics.jobs.inc({ task, result: 'failed' });
        log.error({ task, err: error }, 'failed; it is tried again');
      },
    }),
  ]);
  server.close();
  await close();
}

/** @throws ConfigError when the address cannot be listened on */
function listen(config: Config, health: Health): Promise<HealthServer> {
  const [host, port] = [config['worker.http.host'], config['worker.http.port']];
  return serveHealth({ host, port }, health).catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(
      `worker.http.port: the worker cannot listen on ${host}:${port} (${error.code ?? error.message}); several workers on one machine need a port each, or 0`,
    );
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });
}

try {
  await main(endingOf(process));
} catch (error) {
  const foreseen = error instanceof ConfigError || error instanceof DatabaseRefused;
  const told =
    error instanceof Error && !foreseen ? error.stack : error instanceof Error ? error.message : String(error);
  process.stderr.write(`claviger worker: ${told}\n`);
  process.exitCode = 1;
}
