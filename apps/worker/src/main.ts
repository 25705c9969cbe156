import { setTimeout as delay } from 'node:timers/promises';
import { ConfigError, DatabaseRefused, loadConfig, openLog, openPlatform } from '@claviger/composition';
import { endingOf } from './ending.js';
import { jobs } from './jobs.js';
import { runJobs, type Pause } from './run-jobs.js';

const pause: Pause = (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined);

async function main(ending: AbortSignal): Promise<void> {
  const { config, warnings } = loadConfig({ env: process.env, cwd: process.cwd() });
  const log = await openLog(config, 'worker');
  for (const warning of warnings) log.warn(warning);

  // While it waits for the database there is nothing to finish.
  const leave = () => process.exit(0);
  ending.addEventListener('abort', leave);
  const { platform, close } = await openPlatform(config, log, { guarded: false });
  ending.removeEventListener('abort', leave);

  const list = jobs(platform, config);
  log.info({ jobs: list.map(({ name }) => name) }, 'ready');
  ending.addEventListener('abort', () => log.info('ending'));
  await runJobs(list, { log, pause, signal: ending });
  await close();
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
