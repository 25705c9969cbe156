import type { PostgresOptions } from '../src/postgres-engine.js';
import type { SqliteOptions } from '../src/sqlite-engine.js';

/** For engines without a database around them. */
export const SQLITE: SqliteOptions = { busyTimeout: 1_000, keeping: false };
export const POSTGRES: PostgresOptions = { poolSize: 2, keeping: false, onPropagation: () => undefined };
