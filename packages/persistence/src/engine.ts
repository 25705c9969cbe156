import type { Awaitable } from '@claviger/domain';
import type { EntityManager, QueryRunner } from 'typeorm';

export type Work<T> = (manager: EntityManager, runner: QueryRunner) => Promise<T>;
export type Row = Readonly<Record<string, unknown>>;
/** At least one. */
export type Rows = readonly [Row, ...Row[]];

/** A read that requests wait for: prepared once for each connection, and without entities. */
export interface HotRead<T> {
  readonly name: string;
  /** With one parameter, written `?`. */
  readonly statement: string;
  /** Rows as the drivers give them: SQLite's booleans are numbers, PostgreSQL's long numbers texts. */
  readonly toValue: (rows: Rows) => T;
}

/** Null when there is none. */
export type Find = <T extends object>(read: HotRead<T>, parameter: string) => Awaitable<T | null>;

/** One opened database: how it is read and written. What is thrown speaks the domain's words. */
export interface Engine {
  /** Sees what is committed. One statement sees one moment; two may see two. */
  read<T>(work: Work<T>): Promise<T>;
  /** What is found; maybe read before, when nothing was committed since that could have changed it. */
  readonly find: Find;
  /** One transaction; when it resolves, it is on disk. */
  write<T>(work: Work<T>): Promise<T>;
  /** One transaction beside which no other process migrates; it may take long. */
  migrate<T>(work: Work<T>): Promise<T>;
  /** Fails when what was opened is no longer there. */
  check(): Promise<void>;
  close(): Promise<void>;
}
