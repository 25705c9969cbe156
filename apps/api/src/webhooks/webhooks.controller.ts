import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { webhookJson, type WebhookJson } from '@claviger/application';
import type { Outcome } from '@claviger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamList } from '../answer-stream.js';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { NewWebhookBody, WebhookBody } from './webhook-bodies.js';
import { WEBHOOK_PATHS } from './webhook-paths.js';
import { WebhookQuery } from './webhook-queries.js';

@Controller(WEBHOOK_PATHS)
export class WebhooksController {
  constructor(@Inject(SERVICE) private readonly service: Service) {}

  @ActsAsUser()
  @Post('create')
  async create(
    @Req() request: FastifyRequest,
    @Body(new ShapePipe(NewWebhookBody)) body: NewWebhookBody,
  ): Promise<Envelope<WebhookJson>> {
    const { webhook, secret } = await this.service.platform.registerWebhook(callerOf(request), body);
    return answer(request, webhookJson(webhook, secret));
  }

  @ActsAsUser()
  @Get('list')
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query(new ShapePipe(WebhookQuery)) { appId }: WebhookQuery,
  ): Promise<void> {
    const webhooks = await this.service.platform.listWebhooks(callerOf(request), { appId });
    await streamList(webhooks, (webhook) => webhookJson(webhook), request, reply);
  }

  @ActsAsUser()
  @Get('detail/:id')
  async detail(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Envelope<WebhookJson>> {
    return answer(request, webhookJson(await this.service.platform.showWebhook(callerOf(request), { id })));
  }

  @ActsAsUser()
  @Put('update/:id')
  async update(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
    @Body(new ShapePipe(WebhookBody)) { url, ...body }: WebhookBody,
  ): Promise<Envelope<WebhookJson>> {
    const statement = { ...body, ...(typeof url === 'string' ? { url } : {}), id };
    return answer(request, webhookJson(await this.service.platform.updateWebhook(callerOf(request), statement)));
  }

  @ActsAsUser()
  @Delete('delete/:id')
  async delete(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Envelope<true>> {
    await this.service.platform.deleteWebhook(callerOf(request), { id });
    return answer(request, true);
  }

  @ActsAsUser()
  @Post('secret/:id/rotate')
  @HttpCode(200)
  async rotateSecret(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Envelope<WebhookJson>> {
    const { webhook, secret } = await this.service.platform.rotateWebhookSecret(callerOf(request), { id });
    return answer(request, webhookJson(webhook, secret));
  }

  /** Sends one message at once; one that is not taken is an answer, not an error. */
  @ActsAsUser()
  @Post('test/:id')
  @HttpCode(200)
  async test(
    @Req() request: FastifyRequest,
    @Param('id') id: string,
  ): Promise<Envelope<Pick<Outcome, 'delivered' | 'result'>>> {
    const { delivered, result } = await this.service.platform.testWebhook(callerOf(request), { id });
    return answer(request, { delivered, result });
  }
}
