import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Another process that holds the same database open. */
export interface Racer {
  /** What opening the database migrated. */
  readonly migrated: readonly string[];
  ask<T>(question: object): Promise<T>;
  /** Gives what it told after the question, until it was killed in the middle of it; `enough` answers are waited for. */
  askAndKill(question: object, enough: number): Promise<readonly string[]>;
  end(): Promise<void>;
}

/** Processes of our own on one database; `racer` numbers from 1 tell them apart. */
export function startRacers(url: string, count: number): Promise<readonly Racer[]> {
  return Promise.all(Array.from({ length: count }, (_, i) => startRacer(url, i + 1)));
}

export async function startRacer(url: string, racer: number): Promise<Racer> {
  // Without the flags that Jest's own processes run with.
  const process = fork(fileURLToPath(new URL('racer.mjs', import.meta.url)), [url, String(racer)], { execArgv: [] });
  const { migrated } = await answer<{ migrated: readonly string[] }>(process);
  return {
    migrated,
    ask: (question) => {
      process.send(question);
      return answer(process);
    },
    askAndKill: async (question, enough) => {
      const told: string[] = [];
      process.on('message', (message) => {
        told.push(message as string);
        if (told.length === enough) process.kill('SIGKILL');
      });
      const gone = once(process, 'close');
      process.send(question);
      await gone;
      return told;
    },
    end: async () => {
      const ended = once(process, 'exit');
      process.disconnect();
      await ended;
    },
  };
}

function answer<T>(process: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`The other process ended with ${String(code)}.`));
    process.once('exit', died);
    process.once('message', (message) => {
      process.off('exit', died);
      resolve(message as T);
    });
  });
}
