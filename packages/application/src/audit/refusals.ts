import {
  doneBy,
  NO_CHANGES,
  parseAccessKey,
  PlatformError,
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

/** Counts refusals until it is asked to write them down: no attack fills the disk. */
export interface Refusals {
  readonly note: (call: RefusedCall) => void;
  /** Writes what was noted since the last time. What cannot be written now is kept for the next. */
  readonly flush: () => Promise<void>;
}

/** Who is asked to come back with something better, or not at all. The rest is no business of the audit. */
const KINDS: readonly ErrorKind[] = ['unauthenticated', 'forbidden', 'locked', 'limited'];

/** So many different ones are told apart between two flushes; of each further error only the number is kept. */
export const MOST_TOLD_APART = 32;

interface Counted {
  readonly error: string;
  readonly attempt: string;
  readonly by: DoneBy;
  readonly accessKey: AccessKey | null;
  readonly at: number;
  times: number;
  until: number;
}

export function refusalsIn({ unitOfWork, users, clock }: Pick<Ports, 'unitOfWork' | 'users' | 'clock'>): Refusals {
  let counted = new Map<string, Counted>();

  const count = (key: string, first: () => Counted, now: number, times = 1) => {
    const known = counted.get(key) ?? first();
    known.times += times;
    known.until = now;
    counted.set(key, known);
  };

  return {
    note({ error, attempt, caller, presented, origin }) {
      if (!KINDS.includes(error.kind)) return;
      const now = clock.now();
      const accessKey = presented === null ? null : parseAccessKey(presented);
      const by = caller ? { ...doneBy(caller), ...origin } : stranger(presented, accessKey, origin);
      const { traceId: _, ...who } = by;
      const key = JSON.stringify([error.code, attempt, who, accessKey]);
      const blank = { at: now, times: 0, until: now };
      if (counted.has(key) || counted.size < MOST_TOLD_APART)
        count(key, () => ({ ...blank, error: error.code, attempt, by, accessKey }), now);
      else
        count(error.code, () => ({ ...blank, error: error.code, attempt: 'others', by: NOBODY, accessKey: null }), now);
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
        for (const [key, each] of told) count(key, () => ({ ...each, times: 0 }), each.until, each.times);
        throw error;
      }
    },
  };
}

const NOBODY: DoneBy = { kind: 'stranger', userId: null, appId: null, address: null, traceId: null };

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
