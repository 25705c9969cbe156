import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** One kind of request, sent over and over. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
  /** Sent one after the other in place of the one body, and from the first on again. */
  readonly bodies?: readonly string[];
}

export interface Measured {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

export const CONNECTIONS = 64;

/** What `done` of the script says: milliseconds, and how many answers were none or told of an error. */
interface Said {
  readonly requests: number;
  readonly duration: number;
  readonly p99: number;
  readonly bad: number;
}

/** Sends the request on 64 connections for some seconds. @throws when any answer was an error, or wrk is not there */
export async function press(load: Load, seconds: number): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'claviger-wrk-'));
  try {
    const script = join(folder, 'load.lua');
    await writeFile(script, await scriptOf(load, folder));
    const given = ['--threads', '1', '--connections', String(CONNECTIONS), '--duration', `${seconds}s`];
    const said = await run('wrk', [...given, '--script', script, load.url]);
    const { requests, duration, p99, bad } = JSON.parse(said.slice(said.indexOf('{'))) as Said;
    if (bad > 0) throw new Error(`${bad} of ${requests} requests to ${load.url} failed`);
    return { requestsPerSecond: (requests * 1000) / duration, p99 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A string of JSON in ASCII is one of Lua too. */
async function scriptOf({ method, headers, body, bodies }: Load, folder: string): Promise<string> {
  const lines = [`wrk.method = ${JSON.stringify(method)}`];
  for (const [name, value] of Object.entries(headers))
    lines.push(`wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`);
  if (body !== undefined) lines.push(`wrk.body = ${JSON.stringify(body)}`);
  if (bodies) {
    const file = join(folder, 'bodies');
    await writeFile(file, bodies.join('\n'));
    lines.push(`local bodies, at = {}, 0
for line in io.lines(${JSON.stringify(file)}) do bodies[#bodies + 1] = line end
request = function()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end`);
  }
  lines.push(`done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('{"requests":%d,"duration":%f,"p99":%f,"bad":%d}', summary.requests, summary.duration / 1000,
    latency:percentile(99) / 1000, e.connect + e.read + e.write + e.status + e.timeout))
end`);
  return lines.join('\n');
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const said = text(child.stdout);
  const [status] = (await once(child, 'exit').catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT'
      ? new Error(`${program} is not there: install it (Debian: apt install ${program})`)
      : error;
  })) as [number | null];
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${await said}`);
  return said;
}
