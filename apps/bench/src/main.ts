import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDurablePostgres, startPostgres } from '@claviger/testing/postgres';
import { databaseIn } from './api-server.js';
import { arePeersThere } from './peers.js';
import { measureWorkers, WORKERS } from './processes.js';
import { plotOf } from './plot.js';
import { figuresOf, tableOf } from './report.js';
import { longestRevocation } from './revocation.js';
import { measure, type Plan } from './rounds.js';
import { ACCOUNTS, CREDENTIALS, measureScale } from './scale.js';
import { measureStartup } from './startup.js';
import { startSubject } from './subject.js';
import { measureWrites } from './writes.js';

/**
 * The hot paths against bare Fastify answering the same bytes, everything started anew so many times and pressed in turns:
 * ratios, never times. Writes docs/benchmarks.md. With `--quick`: the one ratio that CI guards, in less than a minute.
 */
const quick = process.argv.includes('--quick');
const launches = Number(process.env['BENCH_LAUNCHES'] ?? (quick ? 3 : 10));
const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);

/** The ratio that a check by Platform authentication on SQLite is held to; CI refuses a quarter less. */
const USUAL = 0.7;
const LEAST = 0.75 * USUAL;

const sqlite = async (folder: string): Promise<string> => databaseIn(folder);

if (quick) await guard();
else await measureAll();

async function guard(): Promise<void> {
  const loads = ['hit'] as const;
  const [checks = []] = await measure({
    launches,
    seconds,
    warmUp: 2,
    databases: { SQLite: sqlite },
    loads,
    withWriter: false,
    withPeers: false,
  });
  console.log(tableOf([checks]));
  const ratio = figuresOf(checks).at(-1)?.cpuRatio ?? NaN;
  if (!(ratio >= LEAST)) {
    console.error(`A check costs too much: its ratio is ${ratio.toFixed(2)}, and ${LEAST.toFixed(2)} is the least.`);
    process.exitCode = 1;
  }
}

async function measureAll(): Promise<void> {
  const [server, durable] = [await startPostgres(), await startDurablePostgres()];
  const postgres = async () => (await server.freshDatabase()).url;
  try {
    const plan: Plan = {
      launches,
      seconds,
      warmUp: 2,
      databases: { SQLite: sqlite, PostgreSQL: postgres },
      loads: ['hit', 'byToken', 'wrongSecret', 'disabled', 'cold', 'introspection', 'whoOneIs'],
      withWriter: true,
      withPeers: arePeersThere(),
    };
    const groups = await measure(plan);
    const others = {
      revocation: {
        SQLite: await inFolder(async (folder) => revocationOn(folder, databaseIn(folder))),
        PostgreSQL: await inFolder(async (folder) => revocationOn(folder, await postgres())),
      },
      writes: {
        SQLite: await inFolder((folder) => measureWrites(folder, databaseIn(folder), 5, seconds)),
        PostgreSQL: await inFolder(async (folder) =>
          measureWrites(folder, (await durable.freshDatabase()).url, 5, seconds),
        ),
      },
      workers: {
        SQLite: await inFolder((folder) => measureWorkers(folder, sqlite, 3, seconds)),
        PostgreSQL: await inFolder((folder) => measureWorkers(folder, postgres, 3, seconds)),
      },
      scale: await inFolder((folder) => measureScale(folder, 3, seconds)),
      startup: await inFolder((folder) => measureStartup(folder, databaseIn(folder), launches)),
    };
    const page = pageOf(tableOf(groups), others);
    await writeFile(new URL('../../../docs/benchmarks.md', import.meta.url), page);
    const title = 'CPU of bare Fastify for a request, divided by that of each (more is better)';
    await writeFile(new URL('../../../docs/benchmarks.svg', import.meta.url), plotOf(title, groups.flatMap(figuresOf)));
    console.log(page);
  } finally {
    await server.stop();
    await durable.stop();
  }
}

async function revocationOn(folder: string, url: string): Promise<number> {
  const subject = await startSubject(folder, url);
  try {
    return await longestRevocation(subject);
  } finally {
    await subject.api.stop();
  }
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'claviger-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

interface Others {
  readonly revocation: Readonly<Record<string, number>>;
  readonly writes: Readonly<Record<string, Awaited<ReturnType<typeof measureWrites>>>>;
  readonly workers: Readonly<Record<string, number>>;
  readonly scale: Awaited<ReturnType<typeof measureScale>>;
  readonly startup: Awaited<ReturnType<typeof measureStartup>>;
}

function count(number: number): string {
  return number.toLocaleString('en');
}

function pageOf(checks: string, { revocation, writes, workers, scale, startup }: Others): string {
  const writeRows = Object.entries(writes).map(([database, { raw, accounts, credentials }]) => {
    const ratio = (perSecond: number) => `${perSecond.toFixed(0)} | ${(perSecond / raw).toFixed(2)}`;
    return `| ${database} | ${raw.toFixed(0)} | ${ratio(accounts)} | ${ratio(credentials)} |`;
  });
  const times = (milliseconds: number) => (milliseconds / startup.node).toFixed(2);
  return `# Benchmarks

Written by \`pnpm bench\` on ${cpus().length} cores with Node ${process.versions.node}. Machines differ, and so do two runs on one: what can be
compared are ratios of one run.

## Checks

![CPU ratios](benchmarks.svg)

${checks}

Each of ${launches} launches starts bare Fastify and the API anew, the API with metrics, limits, log and last use as in production, on an empty
database but for the accounts that are asked about. Each variant is warmed up for 2 s and then pressed for ${seconds} s by 64 connections
(wrk), one variant after the other. Bare Fastify reads the same requests and answers the same bytes; an answer with another status ends the
run, and so does another body before or after the pressing. CPU is what the kernel counts for the process, divided by its requests; a ratio is that of bare Fastify in the same launch divided by the
variant's, p99 is compared likewise. All figures are medians over the launches. The caller's own key is never the one that is asked about.

The others are what each offers of the same kind, in the versions of apps/bench/peers, with their own limits of requests off: a key that is verified,
a token that is issued, introspected or authenticated. What keeps them in memory has no database to ask.

## Revocation

Of 20 keys that are withdrawn at one process and asked for at another without a pause, the last to be refused took
${Object.entries(revocation)
  .map(([database, milliseconds]) => `${milliseconds.toFixed(0)} ms on ${database}`)
  .join(', ')}, the question included.

## Writes

| database | one-row transactions/s of the driver | accounts/s | ratio | credentials/s | ratio |
|---|---:|---:|---:|---:|---:|
${writeRows.join('\n')}

All of them durable, in turns within one run. The driver writes one row after the other, each in a transaction of its own and with nothing
else to do; accounts and credentials are made over HTTP by 16 clients at once, each with its audit.

## Scale

With ${count(ACCOUNTS)} accounts and ${count(CREDENTIALS)} credentials on SQLite a check has ${scale.ratio.toFixed(2)} times the CPU ratio that it has with a
handful, in turns within one run.

| from | \`list?limit=100\`, ms |
|---|---:|
| the beginning | ${scale.pages[0].toFixed(0)} |
| the middle | ${scale.pages[1].toFixed(0)} |
| the end | ${scale.pages[2].toFixed(0)} |

The list of all of them takes ${scale.whole.seconds.toFixed(0)} s and at most ${scale.whole.growth.toFixed(0)} MB more than before; of the checks that were sent one after the
other meanwhile the slowest took ${scale.whole.wait.toFixed(0)} ms, and ${scale.whole.usual.toFixed(0)} ms in the three seconds before.

With \`http.workers: ${WORKERS}\` a check takes ${Object.entries(workers)
    .map(([database, ratio]) => `${ratio.toFixed(2)} times the CPU on ${database}`)
    .join(', ')} that it takes in a
single process, the leader's included.

## Start

| what | median | times \`node -e 0\` |
|---|---:|---:|
| the API, until it is ready | ${startup.api.toFixed(0)} ms | ${times(startup.api)} |
| \`claviger --help\` | ${startup.help.toFixed(0)} ms | ${times(startup.help)} |
| \`claviger account list\` | ${startup.list.toFixed(0)} ms | ${times(startup.list)} |

The API takes ${startup.memory.toFixed(0)} MB when nobody has asked it anything.
`;
}
