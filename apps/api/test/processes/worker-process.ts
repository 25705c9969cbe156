import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { killAtTheEnd, type Setting } from '../api-process.js';

const WORKER = fileURLToPath(new URL('../../../worker/dist/main.js', import.meta.url));

/** The worker as the real process that it is in production. */
export interface WorkerProcess {
  readonly child: ChildProcess;
  readonly printed: { readonly stderr: string };
  readonly ready: Promise<void>;
  /** Ends it and tells its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export function startWorker({ cwd, env }: Setting): WorkerProcess {
  const all = { PATH: process.env['PATH'], CLAVIGER_WORKER_HTTP_PORT: '0', ...env };
  const child = killAtTheEnd(spawn(process.execPath, [WORKER], { cwd, env: all }));
  const printed = { stderr: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  const ended = once(child, 'close');
  const ready = new Promise<void>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => line.includes('"msg":"ready"') && resolve());
    void ended.then(() => reject(new Error(`The worker ended before it was ready: ${printed.stderr}`)));
  });
  // Whoever ends it early has not waited for it.
  ready.catch(() => undefined);
  return {
    child,
    printed,
    ready,
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = (await ended) as [number | null];
      return code;
    },
  };
}
