import { spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startApi } from './api-server.js';
import { median } from './statistics.js';

export interface Startup {
  /** Milliseconds from its start until the API is ready, its database being there. */
  readonly api: number;
  /** MB that it takes when nobody has asked it anything. */
  readonly memory: number;
  /** Milliseconds of `node -e 0`. */
  readonly node: number;
  /** Milliseconds of `claviger --help` and of `claviger account list`. */
  readonly help: number;
  readonly list: number;
}

/** For the memory to come to rest. */
const REST = 3_000;

/** Everything in turns; medians. @param url of a database that has its schema */
export async function measureStartup(folder: string, url: string, turns: number): Promise<Startup> {
  await (await startApi(folder, url)).stop();
  const measured: Startup[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const began = performance.now();
    const api = await startApi(folder, url);
    const ready = performance.now() - began;
    await delay(REST);
    const memory = await api.memory();
    await api.stop();
    const cli = fileURLToPath(import.meta.resolve('../../cli/dist/main.js'));
    const env = { ...process.env, CLAVIGER_DATABASE_URL: url, CLAVIGER_KEYS_DIR: folder };
    measured.push({
      api: ready,
      memory,
      node: timeOf(['-e', '0'], env),
      help: timeOf([cli, '--help'], env),
      list: timeOf([cli, 'account', 'list'], env),
    });
  }
  const of = (figure: keyof Startup) => median(measured.map((one) => one[figure]));
  return { api: of('api'), memory: of('memory'), node: of('node'), help: of('help'), list: of('list') };
}

function timeOf(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return performance.now() - began;
}
