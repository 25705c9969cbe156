import type { Logger } from 'typeorm';

const nothing = (): void => undefined;

/** What fails is thrown; TypeORM would also write it to the process's output, where others expect their own lines. */
export const QUIET: Logger = {
  log: nothing,
  logMigration: nothing,
  logQuery: nothing,
  logQueryError: nothing,
  logQuerySlow: nothing,
  logSchemaBuild: nothing,
};
