import { Controller, Get, HttpCode, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { deliveryJson, type DeliveryJson } from '@claviger/application';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { LINK_BASE } from '../link-base.js';
import { nextLink } from '../next-link.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { wholeNumber } from '../whole-number.js';
import { WEBHOOK_PATHS } from './webhook-paths.js';
import { DeliveriesQuery } from './webhook-queries.js';

/** What was sent to webhooks, and what never arrived. */
@Controller(WEBHOOK_PATHS.map((path) => `${path}/delivery`))
export class DeliveriesController {
  constructor(
    @Inject(SERVICE) private readonly service: Service,
    @Inject(LINK_BASE) private readonly base: string | null,
  ) {}

  @ActsAsUser()
  @Get('list/:id')
  async list(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Param('id') id: string,
    @Query(new ShapePipe(DeliveriesQuery)) query: DeliveriesQuery,
  ): Promise<Envelope<readonly DeliveryJson[]>> {
    const { status, limit, cursor } = query;
    const asked = { id, status, limit: wholeNumber(limit), cursor };
    const { deliveries, next } = await this.service.platform.listDeliveries(callerOf(request), asked);
    if (next !== null) reply.header('link', nextLink(request, query, next, this.base));
    return answer(request, deliveries.map(deliveryJson));
  }

  /** Sends everything again that is dead, and tells how many that is. */
  @ActsAsUser()
  @Post('replay/:id')
  @HttpCode(200)
  async replayDead(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Envelope<number>> {
    return answer(request, await this.service.platform.replayDeliveries(callerOf(request), { id }));
  }

  @ActsAsUser()
  @Post('replay/:id/:eventId')
  @HttpCode(200)
  async replay(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Param('eventId') eventId: string,
  ): Promise<Envelope<number>> {
    return answer(request, await this.service.platform.replayDeliveries(callerOf(request), { id, eventId }));
  }
}
