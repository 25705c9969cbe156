import { Controller, Get, Inject, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Open } from './caller/access.js';
import { answer, type Envelope } from './envelope.js';
import { HttpError } from './errors/http-errors.js';
import { LIFE, type Life } from './life.js';
import { SERVICE, type Service } from './service.js';

@Controller('health')
export class HealthController {
  constructor(
    @Inject(SERVICE) private readonly service: Service,
    @Inject(LIFE) private readonly life: Life,
  ) {}

  /** The process runs. */
  @Open()
  @Get('live')
  live(@Req() request: FastifyRequest): Envelope<{ status: 'up' }> {
    return answer(request, { status: 'up' });
  }

  /** It can serve: the database and its schema are there, and nobody told it to stop. */
  @Open()
  @Get('ready')
  async ready(@Req() request: FastifyRequest): Promise<Envelope<{ status: 'up' }>> {
    if (this.life.stopping) throw new HttpError('not_ready');
    await this.service.ping().catch(() => {
      throw new HttpError('not_ready');
    });
    return answer(request, { status: 'up' });
  }
}
