import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Load } from './load.js';
import { freePort, startServer, type ServerProcess } from './server-process.js';

/** What others do of the same kind, each a program of `peers/`. */
const PEERS = ['better-auth', 'oidc-provider', 'oauth2-server'];
const FOLDER = fileURLToPath(import.meta.resolve('../peers/'));

export interface Peer {
  readonly server: ServerProcess;
  readonly loads: readonly PeerLoad[];
}

export interface PeerLoad {
  readonly name: string;
  readonly load: Load;
  /** What it is answered. */
  readonly expected: RegExp;
}

/** What a peer says of each of its loads. */
interface Said {
  readonly name: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly expected: string;
}

/** Whether they are there: `pnpm bench` brings them, nothing else needs them. */
export function arePeersThere(): boolean {
  return existsSync(join(FOLDER, 'node_modules'));
}

/** @param folder for what they write */
export function startPeers(folder: string): Promise<Peer[]> {
  return Promise.all(PEERS.map((name) => startPeer(name, folder)));
}

async function startPeer(name: string, folder: string): Promise<Peer> {
  const port = await freePort();
  const env = { BENCH_PORT: String(port), BENCH_FILE: join(folder, `${name}.db`) };
  const server = await startServer(join(FOLDER, `${name}.mjs`), { port, path: '/ready', env });
  const [, said = '[]'] = await server.says(/^loads (.+)$/m);
  return { server, loads: (JSON.parse(said) as Said[]).map((one) => toLoad(server.origin, one)) };
}

function toLoad(origin: string, { name, path, headers, body, expected }: Said): PeerLoad {
  return { name, load: { url: `${origin}${path}`, method: 'POST', headers, body }, expected: new RegExp(expected) };
}
