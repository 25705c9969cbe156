import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import { auditJson, type AuditVerdict } from '@claviger/application';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamLines, streamList } from '../answer-stream.js';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { LINK_BASE } from '../link-base.js';
import { nextLink } from '../next-link.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { AuditListQuery, SealQuery, toAuditQuery, toSeal } from './audit-query.js';

/** The record of what was done. */
@Controller(['auth/api/audit', 'ms/auth/api/audit'])
export class AuditController {
  constructor(
    @Inject(SERVICE) private readonly service: Service,
    @Inject(LINK_BASE) private readonly base: string | null,
  ) {}

  @ActsAsUser()
  @Get('list')
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query(new ShapePipe(AuditListQuery)) query: AuditListQuery,
  ): Promise<void> {
    const { records, next } = await this.service.platform.listAudit(callerOf(request), toAuditQuery(query));
    await streamList(records, auditJson, request, reply, () => {
      if (next !== null) reply.header('link', nextLink(request, query, next, this.base));
    });
  }

  /** Computes every hash anew; with a seal that was kept elsewhere it also proves that nothing before that was changed. */
  @ActsAsUser()
  @Get('verify')
  async verify(
    @Req() request: FastifyRequest,
    @Query(new ShapePipe(SealQuery)) query: SealQuery,
  ): Promise<Envelope<AuditVerdict>> {
    return answer(request, await this.service.platform.verifyAudit(callerOf(request), { head: toSeal(query) }));
  }

  @ActsAsUser()
  @Get('export')
  async export(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await streamLines(this.service.platform.exportAudit(callerOf(request)), auditJson, request, reply);
  }
}
