import { Client, type PoolConfig } from 'pg';
import { bell } from './bell.js';

/** Milliseconds between two looks. Changes are told of at once; looking finds those whose telling was lost. */
const LOOK = 250;
/** How long the last look may be ago; so long can a revocation be unknown here, and no longer. */
const BOUND = 700;
const PATIENCE = 500;
/** What the triggers of the database call; see the migration that makes them. */
const CHANNEL = 'claviger_changes';
const COUNT = 'SELECT COALESCE(SUM(changes), 0)::text AS count FROM change_counts';

export interface Watch {
  /** Another number after every change; null when the last look is too long ago. */
  readonly generation: () => number | null;
  /** This process has changed something itself. */
  readonly changed: () => void;
  readonly close: () => Promise<void>;
}

/**
 * Hears of every change that any process commits, on a connection of its own.
 * @param onPropagation told for each how many milliseconds ago its transaction began, by the clocks of server and client
 */
export function watchChanges(connection: PoolConfig, onPropagation: (milliseconds: number) => void): Watch {
  const { rest, end, hasEnded } = bell();
  let generation = 0;
  let counted: string | null = null;
  let looked = Number.NEGATIVE_INFINITY;

  const look = async (client: Client): Promise<void> => {
    const began = performance.now();
    const { rows } = await client.query<{ count: string }>(COUNT);
    const count = rows[0]?.count ?? null;
    if (count !== counted) generation++;
    [counted, looked] = [count, began];
  };

  const watch = async (): Promise<void> => {
    const client = new Client({ ...connection, connectionTimeoutMillis: PATIENCE, query_timeout: PATIENCE });
    client.on('error', () => undefined);
    client.on('notification', ({ payload = '' }) => {
      generation++;
      if (/^\d+$/.test(payload)) onPropagation(Math.max(0, Date.now() - Number(payload)));
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      while (!hasEnded()) {
        await look(client);
        await rest(LOOK);
      }
    } finally {
      // Not awaited: a dead connection may never say goodbye.
      void client.end().catch(() => undefined);
    }
  };

  const ended = (async () => {
    while (!hasEnded()) {
      // What it fails for is told by whoever reads: without a watch, everything is read.
      await watch().catch(() => undefined);
      await rest(LOOK);
    }
  })();

  return {
    generation: () => (performance.now() - looked <= BOUND ? generation : null),
    changed: () => {
      generation++;
    },
    close: () => {
      end();
      return ended;
    },
  };
}
