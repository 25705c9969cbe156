import type { AuditFilter, AuditRecord, DraftRecord, Seal } from './audit.js';
import type { Page } from './page.js';

/** Sees what is committed and nothing of an open unit of work. */
export interface AuditReader {
  /** At most `page.limit` records, the newest first; `after` is the id of the last one of the page before. */
  list(filter: AuditFilter, page: Page<number>): Promise<readonly AuditRecord[]>;
  /** At most `page.limit` sealed records in the order of the chain; `after` is a number of the chain. */
  chain(page: Page<number>): Promise<readonly AuditRecord[]>;
  /** At most `limit` records that are not sealed yet, the oldest first. */
  unsealed(limit: number): Promise<readonly AuditRecord[]>;
  backlog(): Promise<Backlog>;
}

/** What the worker has still to do. */
export interface Backlog {
  readonly unpublished: Waiting;
  readonly unsealed: Waiting;
}

export interface Waiting {
  readonly count: number;
  /** When the one that has waited longest was written, milliseconds since 1970; null when none waits. */
  readonly oldest: number | null;
}

/** Part of a unit of work: the record of what was done, written beside every change. */
export interface AuditTrail {
  /** Keeps what no other store keeps a record of. */
  add(record: DraftRecord): Promise<void>;
  /** At most `limit` records that nobody was told of yet, the oldest first; from the end of this unit on they count as told. */
  takeUnpublished(limit: number): Promise<readonly AuditRecord[]>;
  /** The end of the chain; null before the first seal. */
  lastSeal(): Promise<Seal | null>;
  /** Seals records that are not sealed yet, each by its id. @throws write_was_stale when somebody else sealed meanwhile. */
  seal(seals: ReadonlyMap<number, Seal>): Promise<void>;
  /**
   * Removes at most `limit` records from the beginning of the chain, each older than that, up to the first that is not
   * and never the last of all. Gives the seal of the last one that was removed; null when none was.
   */
  removeBefore(at: number, limit: number): Promise<{ readonly last: Seal; readonly removed: number } | null>;
}

export interface Digest {
  /** 64 hex digits. */
  sha256(text: string): string;
}
