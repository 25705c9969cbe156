import { Controller, Delete, Get, Inject, Param, Req } from '@nestjs/common';
import { sessionJson, type SessionJson } from '@claviger/application';
import type { FastifyRequest } from 'fastify';
import { ActsAsUser } from '../caller/access.js';
import { callerOf, sessionOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { USER_PATHS } from './user-paths.js';

@Controller(USER_PATHS.map((path) => `${path}/session`))
export class SessionsController {
  constructor(@Inject(SERVICE) private readonly service: Service) {}

  @ActsAsUser()
  @Get('list')
  async list(@Req() request: FastifyRequest): Promise<Envelope<SessionJson[]>> {
    const asking = { session: sessionOf(request) };
    const { sessions, current } = await this.service.platform.listSessions(callerOf(request), asking);
    return answer(
      request,
      sessions.map((session) => sessionJson(session, current)),
    );
  }

  @ActsAsUser()
  @Delete(':id')
  async revoke(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Envelope<true>> {
    await this.service.platform.revokeSession(callerOf(request), { id });
    return answer(request, true);
  }
}
