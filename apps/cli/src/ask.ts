import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import type { Io } from './io.js';
import type { Session } from './session.js';
import { Interrupted, UsageError } from './usage-error.js';

/** More than any secret; a file piped in by mistake is not read to its end. */
const MAX_INPUT_LENGTH = 4096;

/** A secret without an echo from a terminal, else all of stdin; one line break at its end is not part of it. */
export async function askSecret(io: Io, prompt: string): Promise<string> {
  const secret = io.stdin.isTTY ? await askHidden(io, `${prompt}: `) : await readAll(io);
  if (secret === '') throw new UsageError(`${prompt} is empty: nothing came in on stdin.`);
  return secret;
}

/** A new secret: on a terminal it is asked for twice, because nobody sees what they type. */
export async function askNewSecret(io: Io, prompt: string): Promise<string> {
  const secret = await askSecret(io, prompt);
  if (io.stdin.isTTY && (await askSecret(io, `${prompt} again`)) !== secret)
    throw new UsageError('The two differ: nothing was changed.');
  return secret;
}

/** Asks on a terminal, unless `--yes`; a script means what it says. @throws UsageError when the answer is not yes */
export async function confirm({ io, yes }: Session, question: string): Promise<void> {
  if (yes || !io.stdin.isTTY) return;
  io.stderr.write(`${question} [y/N] `);
  if (!/^y(es)?$/i.test((await readLine(io, io.stderr)).trim())) throw new UsageError('Nothing was changed.');
}

async function askHidden(io: Io, prompt: string): Promise<string> {
  io.stderr.write(prompt);
  try {
    return await readLine(io, new Writable({ write: (_chunk, _encoding, done) => done() }));
  } finally {
    io.stderr.write('\n');
  }
}

/** @param echo where the terminal shows what is typed */
function readLine({ stdin }: Io, echo: Writable): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdin, output: echo, terminal: true, historySize: 0 });
    lines.once('SIGINT', () => lines.close());
    lines.once('close', () => reject(new Interrupted()));
    lines.once('line', (line) => {
      resolve(line);
      lines.close();
    });
  });
}

async function readAll({ stdin }: Io): Promise<string> {
  let all = '';
  for await (const chunk of stdin.setEncoding('utf8')) {
    all += String(chunk);
    if (all.length > MAX_INPUT_LENGTH) throw new UsageError('Too much came in on stdin for a secret.');
  }
  return all.replace(/\r?\n$/, '');
}
