import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { FORM_TYPE } from './api-server.js';
import type { RecordedAnswer } from './bare-server.js';
import { press, type Load } from './load.js';
import { startPeers, type Peer } from './peers.js';
import type { Round, Sample } from './report.js';
import { freePort, startServer, type ServerProcess } from './server-process.js';
import { EXPECTED, recordOf, startSubject, type LoadName, type Subject } from './subject.js';

export interface Plan {
  /** Fresh starts of everything. */
  readonly launches: number;
  /** For which each variant is pressed in each launch. */
  readonly seconds: number;
  /** What is pressed before that is not counted. */
  readonly warmUp: number;
  /** By name; each launch gets an empty one. */
  readonly databases: Readonly<Record<string, (folder: string) => Promise<string>>>;
  readonly loads: readonly LoadName[];
  /** Whether checks are pressed a second time while somebody changes something. */
  readonly withWriter: boolean;
  readonly withPeers: boolean;
}

/** Milliseconds between two changes of the writer. */
const PAUSE = 50;

/** What is compared with bare Fastify when that answers what the first of them is answered. */
const GROUPS: readonly { readonly base: string; readonly loads: readonly [LoadName, ...LoadName[]] }[] = [
  { base: 'bare Fastify, POST of JSON', loads: ['hit', 'byToken', 'wrongSecret', 'disabled', 'cold'] },
  { base: 'bare Fastify, POST of a form', loads: ['introspection'] },
  { base: 'bare Fastify, GET', loads: ['whoOneIs'] },
];
const [OF_JSON, OF_FORM] = GROUPS;

const NAMES: Readonly<Record<LoadName, string>> = {
  hit: 'check, Platform authentication',
  byToken: 'check, access token',
  wrongSecret: 'check of a wrong secret',
  disabled: 'check of a disabled key',
  cold: 'check of a key not asked for lately, of a wrong secret',
  introspection: 'introspection of an access token',
  whoOneIs: 'who one is, access token',
};

interface Variant {
  readonly group: (typeof GROUPS)[number] | undefined;
  readonly name: string;
  readonly server: ServerProcess;
  readonly load: Load;
  /** What it is answered. */
  readonly expected: RegExp;
  /** What goes on meanwhile. */
  readonly beside?: () => Promise<void>;
}

/** Each launch starts everything anew and presses all variants in turn, so that the noise of the machine falls on all. */
export async function measure(plan: Plan): Promise<Round[][]> {
  const samples = new Map<string, { group: Variant['group']; name: string; samples: Sample[] }>();
  for (let launch = 0; launch < plan.launches; launch++) {
    for (const [{ group, name }, sample] of await launched(plan)) {
      const known = samples.get(name) ?? { group, name, samples: [] };
      known.samples.push(sample);
      samples.set(name, known);
    }
    console.error(`launch ${launch + 1} of ${plan.launches}`);
  }
  const rounds = [...samples.values()];
  return GROUPS.map((wanted) => rounds.filter(({ group }) => group === wanted)).filter(({ length }) => length > 0);
}

async function launched(plan: Plan): Promise<(readonly [Variant, Sample])[]> {
  const folders: string[] = [];
  const subjects: [string, Subject][] = [];
  const servers: ServerProcess[] = [];
  try {
    for (const [name, open] of Object.entries(plan.databases)) {
      const folder = await mkdtemp(join(tmpdir(), 'claviger-bench-'));
      folders.push(folder);
      const subject = await startSubject(folder, await open(folder));
      subjects.push([name, subject]);
      servers.push(subject.api);
    }
    const [[, first] = []] = subjects;
    if (!first) throw new Error('There is no database.');
    const answers: Record<string, RecordedAnswer> = {};
    for (const { loads } of GROUPS) {
      const like = first.loads[loads[0]];
      answers[new URL(like.url).pathname] = await recordOf(like, EXPECTED[loads[0]]);
    }
    const bare = await startBare(answers);
    servers.push(bare);
    const peers = plan.withPeers ? await startPeers(first.folder) : [];
    servers.push(...peers.map(({ server }) => server));
    const variants = [
      ...bareVariants(bare, first, plan),
      ...subjects.flatMap(([name, one]) => variantsOf(name, one, plan)),
      ...peers.flatMap(peerVariants),
    ];
    await demandAnswers(variants);
    for (const { load } of variants) await press(load, plan.warmUp);
    const measured: (readonly [Variant, Sample])[] = [];
    for (const variant of variants) measured.push([variant, await sampleOf(variant, plan.seconds)]);
    await demandAnswers(variants);
    return measured;
  } finally {
    for (const server of servers) await server.stop();
    for (const folder of folders) await rm(folder, { recursive: true });
  }
}

/** Under pressure only the status of an answer is looked at. */
async function demandAnswers(variants: readonly Variant[]): Promise<void> {
  for (const { load, expected } of variants) await recordOf(load, expected);
}

function bareVariants(server: ServerProcess, { loads: all }: Subject, plan: Plan): Variant[] {
  const wanted = GROUPS.filter(({ loads }) => loads.some((load) => plan.loads.includes(load)));
  return wanted.map((group) => {
    const [like] = group.loads;
    const load = { ...all[like], url: `${server.origin}${new URL(all[like].url).pathname}` };
    return { group, name: group.base, server, load, expected: EXPECTED[like] };
  });
}

function variantsOf(database: string, { api, loads, change }: Subject, plan: Plan): Variant[] {
  const variants = plan.loads.map((name): Variant => {
    const group = GROUPS.find((one) => one.loads.includes(name));
    return { group, name: `${NAMES[name]}, ${database}`, server: api, load: loads[name], expected: EXPECTED[name] };
  });
  const [hit] = variants;
  if (!plan.withWriter || !hit) return variants;
  return [...variants, { ...hit, name: `${hit.name}, beside ${1000 / PAUSE} changes a second`, beside: change }];
}

function peerVariants({ server, loads }: Peer): Variant[] {
  return loads.map(({ load, ...one }) => {
    const group = load.headers['content-type'] === FORM_TYPE['content-type'] ? OF_FORM : OF_JSON;
    return { group, server, load, ...one };
  });
}

async function sampleOf({ server, load, beside }: Variant, seconds: number): Promise<Sample> {
  const pressing = new AbortController();
  const meanwhile = async (doing: () => Promise<void>): Promise<void> => {
    while (!pressing.signal.aborted) {
      await doing();
      await delay(PAUSE);
    }
  };
  const before = await server.cpu();
  const going = beside ? meanwhile(beside) : null;
  const measured = await press(load, seconds);
  pressing.abort();
  await going;
  const cpu = (await server.cpu()) - before;
  const cpuPerRequest = (cpu * 1000) / (measured.requestsPerSecond * seconds);
  return { ...measured, cpuPerRequest, memory: await server.memory() };
}

async function startBare(answers: Record<string, RecordedAnswer>): Promise<ServerProcess> {
  const port = await freePort();
  return startServer(fileURLToPath(import.meta.resolve('./bare-server.js')), {
    port,
    path: '/ready',
    env: { BENCH_PORT: String(port), BENCH_ANSWERS: JSON.stringify(answers) },
  });
}
