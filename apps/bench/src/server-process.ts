import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';

/** A server under measurement, in a process of its own. */
export interface ServerProcess {
  readonly origin: string;
  /** Waits until it has said on stderr what matches. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Processor time used so far in milliseconds, user and system, of its workers too; NaN where the system does not tell. */
  cpu(): Promise<number>;
  /** Resident memory in MB; NaN where the system does not tell. */
  memory(): Promise<number>;
  stop(): Promise<void>;
}

const PATIENCE = 30_000;
/** The kernel's clock tick, 10 ms on every Linux in use. */
const TICK = 10;

/** Starts a Node script that listens on the port in `port`, and waits until `path` answers 200. */
export async function startServer(
  script: string,
  given: { port: number; path: string; env: Record<string, string> },
): Promise<ServerProcess> {
  const origin = `http://127.0.0.1:${given.port}`;
  const child = spawn(process.execPath, [script], {
    env: { ...process.env, ...given.env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await answers(child, `${origin}${given.path}`, () => said);
  return {
    origin,
    async says(pattern) {
      for (;;) {
        const match = pattern.exec(said);
        if (match) return match;
        await once(child.stderr, 'data');
      }
    },
    cpu: async () => {
      const pids = [child.pid, ...(await childrenOf(child))];
      return (await Promise.all(pids.map(cpuOf))).reduce((sum, one) => sum + one, 0);
    },
    memory: () => memoryOf(child),
    async stop() {
      child.kill('SIGTERM');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

async function answers(child: ChildProcess, url: string, said: () => string): Promise<void> {
  for (const end = Date.now() + PATIENCE; Date.now() < end;) {
    if (child.exitCode !== null) throw new Error(`the server ended at its start: ${said()}`);
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no answer from ${url}: ${said()}`);
}

async function childrenOf({ pid }: ChildProcess): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

async function cpuOf(pid: number | undefined): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK;
}

async function memoryOf(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
