import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { bell, type Bell } from './bell.js';

/** Between two looks whether the server is still there; milliseconds. */
const BEAT = 2_000;
/** Until a connection that could not be made is tried again. */
const PAUSE = 500;
/** How long the server may take to say goodbye. */
const GOODBYE = 1_000;

/** So the server finds out after some 10 seconds about a machine that vanished without a word. */
const WATCHFUL = 'SET tcp_keepalives_idle = 4; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3';
const lockOf = (name: string) => `hashtextextended('claviger job runner ' || ${name}, 0)`;

/** In a statement: whether the runner of that name shows no sign of life right now. Those who ask do not meet. */
export const isSilent = (name: string): string => `pg_try_advisory_xact_lock_shared(${lockOf(name)})`;

export interface SignOfLife {
  /** Resolves as soon as the sign is there to be seen. */
  shown(): Promise<void>;
  /** From now on nobody waits for it to be shown. */
  waitNoLonger(): void;
  end(): Promise<void>;
}

/**
 * Holds a lock under that name for as long as this process lives and reaches the server, which frees it as soon as the
 * connection is gone. When only the connection was lost, it is taken again.
 * @param onTrouble told why the sign cannot be shown, once each time
 */
export function showSignOfLife(
  connection: () => Client,
  name: string,
  onTrouble: (error: unknown) => void,
): SignOfLife {
  const life = bell();
  /** That of the present connection. */
  let heart = bell();
  let [isShown, isTold, isWaitedFor] = [false, false, true];
  const waiting = new Set<() => void>();
  const goOn = () => {
    for (const resolve of waiting) resolve();
    waiting.clear();
  };

  const hold = async (client: Client, { rest, end, hasEnded }: Bell) => {
    // What fails the connection fails the next beat.
    client.on('error', () => undefined);
    client.once('end', end);
    await client.connect();
    await client.query(WATCHFUL);
    await client.query(`SELECT pg_advisory_lock(${lockOf('$1')})`, [name]);
    [isShown, isTold] = [true, false];
    goOn();
    while (!hasEnded()) {
      await client.query('SELECT 1');
      await rest(BEAT);
    }
  };
  const holdOn = async () => {
    while (!life.hasEnded()) {
      const client = connection();
      heart = bell();
      await hold(client, heart).catch((error: unknown) => {
        if (!isTold) onTrouble(error);
        isTold = true;
      });
      const wasShown = isShown;
      isShown = false;
      const goodbye = client.end().catch(() => undefined);
      if (life.hasEnded()) await Promise.race([goodbye, delay(GOODBYE, undefined, { ref: false })]);
      // What was good until now may be good again at once.
      else if (!wasShown) await life.rest(PAUSE);
    }
  };
  const holding = holdOn();
  return {
    shown: async () => {
      if (!isShown && isWaitedFor) await new Promise<void>((resolve) => void waiting.add(resolve));
    },
    waitNoLonger: () => {
      isWaitedFor = false;
      goOn();
    },
    end: () => {
      life.end();
      heart.end();
      return holding;
    },
  };
}
