import { PlatformError } from '@claviger/domain';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.js';
import { languageOf } from '../language.js';
import { failureHeaders, type FailureConfig } from '../limits/rate-limit-headers.js';
import type { Service } from '../service.js';
import { BARE_BODY, BareRefusal } from './bare-refusal.js';
import { faultLine } from './fault-line.js';
import { noteRefusal } from './note-refusal.js';
import { CHALLENGE, isFault, refuse } from './refuse.js';

/** Every error of every route, of the guard and of the framework ends here. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly limits: FailureConfig,
    private readonly service: Service,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    noteRefusal(error, request, this.service);
    if (error instanceof BareRefusal) return void reply.code(BARE_BODY.status).headers(CHALLENGE).send(BARE_BODY);
    if (isFault(error)) this.log.error(faultLine(error, request), 'The request met a fault.');
    const { status, headers, body } = refuse(error, languageOf(request.headers), request.id);
    void reply
      .code(status)
      .headers({ ...this.failureHeaders(error, reply), ...headers })
      .send(body);
  }

  /** Whoever makes too many requests has been told how many by the guard; who fails too often, not yet. */
  private failureHeaders(error: unknown, reply: FastifyReply): Record<string, string> {
    const limited = error instanceof PlatformError && error.code === 'too_many_requests';
    return limited && !reply.hasHeader('ratelimit')
      ? failureHeaders(this.limits, Number(error.details['retryAfter']))
      : {};
  }
}
