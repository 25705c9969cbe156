import { PassThrough } from 'node:stream';
import { platform, type Platform } from '@claviger/application';
import { memoryPorts, type FixedClock, type MemoryDatabase, type PlainMessenger } from '@claviger/testing';
import type { Io, Wanted } from '../src/io.js';
import { run } from '../src/run.js';

export interface Told {
  /** What comes in on stdin. */
  readonly stdin?: string;
  /** What somebody types at a terminal, line by line; then everything is a terminal. */
  readonly typed?: readonly string[];
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The CLI over a platform in memory, with what stands behind it at hand. */
export interface World {
  readonly claviger: (line: string, told?: Told) => Promise<Outcome>;
  /** What a command answers as JSON. */
  readonly data: <T>(line: string, told?: Told) => Promise<T>;
  readonly held: Platform;
  readonly clock: FixedClock;
  readonly database: MemoryDatabase;
  readonly messenger: PlainMessenger;
  /** What the platform was opened for, each time. */
  readonly wanted: readonly Wanted[];
  /** How often it was closed. */
  readonly closed: () => number;
}

export function world(): World {
  const wanted: Wanted[] = [];
  let closed = 0;
  const { database, ports } = memoryPorts();
  const { clock, messenger } = ports;
  const held = platform(ports);
  const opened = {
    platform: held,
    close: async () => {
      closed++;
    },
  };
  const backend: Io['backend'] = {
    openPlatform: async (asked) => {
      wanted.push(asked);
      return opened;
    },
    databaseStatus: async () => ({ applied: ['One1'], pending: ['Two2'], unknown: ['Three3'] }),
    migrateDatabase: async () => ({ applied: ['One1', 'Two2'], pending: [], unknown: [] }),
  };

  const claviger = async (line: string, told: Told = {}): Promise<Outcome> => {
    const outputs = { stdout: '', stderr: '' };
    const stream = (name: keyof typeof outputs) => {
      const made = Object.assign(new PassThrough(), { isTTY: told.typed !== undefined });
      made.setEncoding('utf8').on('data', (chunk: string) => (outputs[name] += chunk));
      return made;
    };
    const stdin = Object.assign(new PassThrough(), { isTTY: told.typed !== undefined });
    const typed = [...(told.typed ?? [])];
    const stderr = stream('stderr');
    // Somebody who answers each question when it is asked.
    stderr.on('data', (chunk: string) => {
      if (/(: |\] )$/.test(chunk)) setImmediate(() => stdin.write(`${typed.shift() ?? ''}\r`));
    });
    if (!told.typed) stdin.end(told.stdin ?? '');
    const exitCode = await run(words(line), { stdin, stdout: stream('stdout'), stderr, backend });
    return { exitCode, ...outputs };
  };

  const data = async <T>(line: string, told: Told = {}): Promise<T> => {
    const { exitCode, stdout, stderr } = await claviger(line, told);
    if (exitCode !== 0) throw new Error(`${line}: ${exitCode} ${stderr}`);
    return JSON.parse(stdout) as T;
  };

  return { claviger, data, clock, held, database, messenger, wanted, closed: () => closed };
}

/** As a shell splits a line; single quotes hold words together. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}
