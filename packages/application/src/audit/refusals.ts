import {
  doneBy,
  NO_CHANGES,
  parseAccessKey,
  type PlatformError,
  recordOf,
  USER_ID_PATTERN,
  type AccessKey,
  type Caller,
  type DoneBy,
  type DraftRecord,
  type ErrorKind,
  type Origin,
  type UserId,
} from '@claviger/domain';
import type { Ports } from '../ports.js';

/** A call that was refused. */
export interface RefusedCall {
  readonly error: PlatformError;
  /** What was tried, in words that hold nothing of what was sent, such as `PUT /auth/api/account/update`. */
  readonly attempt: string;
  /** Who tried, once that was proven. */
  readonly caller: Caller | null;
  /** What was presented in vain: an access key or a userId; null: nothing that names anybody. */
  readonly presented: string | null;
  readonly origin: Origin;
}

/** Counts refusals until it is asked to write them down: what an attack costs is bounded. */
export interface Refusals {
  readonly note: (call: RefusedCall) => void;
  /** Writes what was noted since the last time. What cannot be written now is kept for the next. */
  readonly flush: () => Promise<void>;
}

/** Who is asked to come back with something better, or not at all. The rest is no business of the audit. */
const KINDS: readonly ErrorKind[] = ['unauthenticated', 'forbidden', 'locked', 'limited'];

/**
 * So many different ones of proven callers, and so many of strangers, are told apart between two flushes; of each further
 * error only the number is kept. Strangers can make many: they must not hide what others do.
 */
export const MOST_TOLD_APART = 32;

interface Counted {
  readonly error: string;
  readonly attempt: string;
  readonly by: DoneBy;
  readonly accessKey: AccessKey | null;
  readonly at: number;
  readonly times: number;
  readonly until: number;
}

export function refusalsIn({ unitOfWork, users, clock }: Pick<Ports, 'unitOfWork' | 'users' | 'clock'>): Refusals {
  let counted = new Map<string, Counted>();

  const count = (ownKey: string, more: Counted) => {
    const toldApart = counted.has(ownKey) || countOf(counted, isStranger(more)) < MOST_TOLD_APART;
    const [key, first] = toldApart ? [ownKey, more] : [more.error, foldOf(more)];
    const before = counted.get(key) ?? { ...first, times: 0 };
    const [at, until] = [Math.min(before.at, more.at), Math.max(before.until, more.until)];
    counted.set(key, { ...before, at, until, times: before.times + more.times });
  };

  return {
    note({ error, attempt, caller, presented, origin }) {
      if (!KINDS.includes(error.kind)) return;
      const now = clock.now();
      // Who is made to wait is not asked for a name, and can make up any.
      const name = error.kind === 'limited' ? null : presented;
      const accessKey = name === null ? null : parseAccessKey(name);
      const by = caller ? { ...doneBy(caller), ...origin } : stranger(name, accessKey, origin);
      const key = JSON.stringify([error.code, attempt, { ...by, traceId: null }, accessKey]);
      count(key, { error: error.code, attempt, by, accessKey, times: 1, at: now, until: now });
    },
    async flush() {
      if (counted.size === 0) return;
      const told = counted;
      counted = new Map();
      try {
        const records = await Promise.all([...told.values()].map(async (each) => toRecord(await known(users, each))));
        await unitOfWork.run(async ({ audit }) => {
          for (const record of records) await audit.add(record);
        });
      } catch (error) {
        const since = counted;
        counted = told;
        // What is kept for longer does not become more.
        for (const [key, each] of since) count(key, each);
        throw error;
      }
    },
  };
}

function isStranger({ by }: Counted): boolean {
  return by.kind === 'stranger';
}

function countOf(counted: ReadonlyMap<string, Counted>, strangers: boolean): number {
  return [...counted.values()].filter((each) => isStranger(each) === strangers).length;
}

const NOBODY: DoneBy = { kind: 'stranger', userId: null, appId: null, address: null, traceId: null };

/** What stays of one too many: its error, and when. */
function foldOf(counted: Counted): Counted {
  return { ...counted, attempt: 'others', by: NOBODY, accessKey: null };
}

function stranger(presented: string | null, accessKey: AccessKey | null, origin: Origin): DoneBy {
  const named = presented !== null && accessKey === null && USER_ID_PATTERN.test(presented);
  return { ...NOBODY, ...origin, userId: named ? (presented as UserId) : null };
}

/** What stands where the userId belongs may be a password, typed in haste: only the names of users are kept. */
async function known(users: Ports['users'], counted: Counted): Promise<Counted> {
  const { by } = counted;
  if (by.kind !== 'stranger' || by.userId === null || (await users.find(by.userId))) return counted;
  return { ...counted, by: { ...by, userId: null } };
}

function toRecord({ attempt, ...event }: Counted): DraftRecord {
  const subject = { kind: 'request', id: attempt, name: attempt } as const;
  return recordOf(subject, { name: 'caller.refused', changes: NO_CHANGES, ...event });
}
