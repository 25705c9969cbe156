import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { KeyPair } from '@claviger/domain';
import type { Answer, Call } from './answer.js';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** The API as the real process that it is in production. */
export interface ApiProcess {
  readonly address: string;
  readonly child: ChildProcess;
  /** Resolves when the line is logged. */
  logged(message: string): Promise<void>;
  /** Everything that it printed so far. */
  readonly printed: { readonly stdout: string; readonly stderr: string };
  readonly call: Call;
  /** Ends it and tells its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface Setting {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A working directory of its own. */
export function freshFolder(): { cwd: string; remove: () => void } {
  const cwd = mkdtempSync(join(tmpdir(), 'claviger-api-'));
  return { cwd, remove: () => rmSync(cwd, { recursive: true }) };
}

const running = new Set<ChildProcess>();

/** Remembers it for {@link killAll}. */
export function killAtTheEnd<T extends ChildProcess>(child: T): T {
  running.add(child);
  child.once('close', () => running.delete(child));
  return child;
}

/** Ends what a test left running, so that a failed one does not keep the others waiting. */
export async function killAll(): Promise<void> {
  const ends = [...running].map((child) => once(child, 'close'));
  for (const child of running) child.kill('SIGKILL');
  await Promise.all(ends);
}

/** Starts the process; resolves as soon as it listens, ready or not. */
export async function startApi({ cwd, env = {} }: Setting): Promise<ApiProcess> {
  const all = { PATH: process.env['PATH'], CLAVIGER_HTTP_PORT: '0', ...env };
  const child = killAtTheEnd(spawn(process.execPath, [MAIN], { cwd, env: all }));
  // Not its exit: it may have said something that has not come yet.
  const exited = once(child, 'close') as Promise<[number | null]>;
  const printed = { stdout: '', stderr: '' };
  const seen = new Map<string, Record<string, unknown>>();
  const waiting = new Map<string, () => void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => (printed.stderr += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    printed.stdout += `${line}\n`;
    const record = JSON.parse(line) as { msg: string };
    seen.set(record.msg, record);
    waiting.get(record.msg)?.();
  });
  const logged = async (message: string): Promise<void> => {
    if (seen.has(message)) return;
    const told = new Promise<void>((resolve) => waiting.set(message, resolve));
    const ended = exited.then(([code]) => {
      throw new Error(`It ended with ${code} instead of saying "${message}": ${printed.stderr}`);
    });
    await Promise.race([told, ended]);
  };
  await logged('listening');
  const address = String(seen.get('listening')?.['address']);
  return {
    address,
    child,
    logged,
    printed,
    call: (method, url, { as = {}, headers = {}, body } = {}) =>
      callOver(`${address}${url}`, method, { ...as, ...headers }, body),
    stop: async (signal = 'SIGTERM') => {
      child.kill(signal);
      const [code] = await exited;
      return code;
    },
  };
}

/** Starts the process on an empty database; resolves when it is ready and has told its first secrets. */
export async function startFirst(setting: Setting): Promise<ApiProcess & { readonly system: KeyPair }> {
  const api = await startApi(setting);
  await api.logged('ready');
  return { ...api, system: await firstKeyPair(api) };
}

/** Resolves when the process has told it; a process that never does is waited for in vain. */
export async function firstKeyPair({ child, printed }: ApiProcess): Promise<KeyPair> {
  const notice = () => /access key {2}(\S+)\n {2}secret key {2}(\S+)\n[^]*curl .*\n/.exec(printed.stderr);
  while (!notice()) await once(child.stderr ?? child, 'data');
  const [, accessKey = '', secretKey = ''] = notice() ?? [];
  return { accessKey, secretKey } as KeyPair;
}

async function callOver(
  url: string,
  method: string,
  headers: Readonly<Record<string, string | string[]>>,
  body: unknown,
): Promise<Answer> {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) for (const one of [value].flat()) sent.append(name, one);
  if (body !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json');
  const payload = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const answer = await fetch(url, { method, headers: sent, ...payload });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: Object.fromEntries(answer.headers),
    text,
    get body() {
      return JSON.parse(text) as Answer['body'];
    },
  };
}
