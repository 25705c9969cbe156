import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

export type Log = Logger;

/** Nest's own words in our log. What it says at its start is of interest only to who is looking for something. */
export function nestLog(log: Log): LoggerService {
  return {
    log: (message: unknown) => log.debug(String(message)),
    warn: (message: unknown) => log.warn(String(message)),
    error: (message: unknown) =>
      log.error(message instanceof Error ? (message.stack ?? message.message) : String(message)),
  };
}
