import { LogController, type FastifyRequest } from 'fastify';
import { faultLine } from './errors/fault-line.js';
import type { Log } from './log.js';

/** Fastify's own lines are left unsaid, for they hold URLs, and URLs may hold secrets; but not that an answer broke off. */
export class BrokenAnswers extends LogController {
  constructor(private readonly log: Log) {
    super({ disableRequestLogging: true });
  }

  override streamError(error: Error & { code?: string }, request: FastifyRequest): void {
    if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') return;
    this.log.error(faultLine(error, request), 'The answer broke off.');
  }
}
