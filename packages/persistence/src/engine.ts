import type { EntityManager, QueryRunner } from 'typeorm';

export type Work<T> = (manager: EntityManager, runner: QueryRunner) => Promise<T>;
export type Row = Readonly<Record<string, unknown>>;

/** One opened database: how it is read and written. What is thrown speaks the domain's words. */
export interface Engine {
  /** Sees what is committed. One statement sees one moment; two may see two. */
  read<T>(work: Work<T>): Promise<T>;
  /** One statement with one parameter, written `?`, that is prepared once for each connection. */
  query(name: string, statement: string, parameter: string): Promise<readonly Row[]>;
  /** One transaction; when it resolves, it is on disk. */
  write<T>(work: Work<T>): Promise<T>;
  /** One transaction beside which no other process migrates; it may take long. */
  migrate<T>(work: Work<T>): Promise<T>;
  /** Fails when what was opened is no longer there. */
  check(): Promise<void>;
  close(): Promise<void>;
}
