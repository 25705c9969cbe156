export { DatabaseFault, DatabaseUnusable } from './database-errors.js';
export type { Installation } from './installation.js';
export type { MigrationState } from './migrate.js';
export { openDatabase, readDatabaseStatus, type Database, type DatabaseOptions } from './open-database.js';
