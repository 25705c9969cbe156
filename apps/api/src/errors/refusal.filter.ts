import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Log } from '../log.js';
import { languageOf } from '../language.js';
import { faultLine } from './fault-line.js';
import { isFault, refuse } from './refuse.js';

/** Every error of every route, of the guard and of the framework ends here. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    if (isFault(error)) this.log.error(faultLine(error, request), 'The request met a fault.');
    const { status, headers, body } = refuse(error, languageOf(request.headers), request.id);
    void reply.code(status).headers(headers).send(body);
  }
}
