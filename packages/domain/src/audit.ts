import type { Changes, Facts } from './facts.js';
import type { DomainEvent, DoneBy } from './events.js';

/** What a record is about. It says so when the subject is long gone. */
export interface Subject {
  readonly kind:
    'account' | 'user' | 'authorization' | 'token' | 'session' | 'signing_key' | 'webhook' | 'request' | 'audit';
  readonly id: string;
  /** What people call it: an appId or a userId. */
  readonly name: string;
}

/** One line of the record of what was done. */
export interface AuditRecord {
  /** In the order of writing. */
  readonly id: number;
  readonly name: DomainEvent['name'];
  /** Milliseconds since 1970, UTC. */
  readonly at: number;
  readonly by: DoneBy;
  readonly subject: Subject;
  readonly changes: Changes;
  /** What else the event says, such as the access key that it is about. */
  readonly details: Facts;
  /** Its place in the chain; null until it is sealed, which happens soon after it was written. */
  readonly seal: Seal | null;
}

/** A record's place in the chain of hashes, and the hash of everything up to it. */
export interface Seal {
  /** Counted from 1, without gaps. */
  readonly number: number;
  /** SHA-256, 64 hex digits. */
  readonly hash: string;
}

/** What stands where the hash before the first record would. */
export const CHAIN_START = '0'.repeat(64);

export type DraftRecord = Omit<AuditRecord, 'id' | 'seal'>;

/** An event as it is kept. */
export function recordOf(subject: Subject, { name, at, by, changes, ...details }: DomainEvent): DraftRecord {
  return { name, at, by, subject, changes, details };
}

/**
 * What the hash of a sealed record covers: all that it says, its place, and the hash before it. So nobody changes,
 * removes or inserts a record without changing every hash after it. An export can be checked with nothing but this.
 */
export function chainedText(previousHash: string, number: number, record: Omit<AuditRecord, 'seal'>): string {
  const { id, name, at, by, subject, changes, details } = record;
  return JSON.stringify([
    previousHash,
    number,
    id,
    name,
    at,
    [by.kind, by.userId, by.appId, by.address, by.traceId],
    [subject.kind, subject.id, subject.name],
    [changes.before, changes.after],
    details,
  ]);
}

/** Every part that is given narrows the choice. */
export interface AuditFilter {
  /** An event's name, or the part before its dot. */
  readonly name?: string | undefined;
  readonly byUser?: string | undefined;
  readonly byApp?: string | undefined;
  /** The subject's id or name. */
  readonly subject?: string | undefined;
  readonly address?: string | undefined;
  readonly traceId?: string | undefined;
  /** Not before that, and before that; milliseconds since 1970. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}
