import { Body, Controller, Delete, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { tokenJson, type TokenJson } from '@claviger/application';
import type { Config } from '@claviger/composition';
import type { AccessTokenText, UserId } from '@claviger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamList } from '../answer-stream.js';
import { ActsAsUser, PasswordOrSession } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { CONFIG } from '../config.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { TokenBody } from './token-body.js';
import { TokenQuery } from './token-query.js';
import { USER_PATHS } from './user-paths.js';

/** A token as the original platform hands it out: without envelope. */
export interface FetchedToken {
  readonly userId: UserId;
  /** When it ends; milliseconds since 1970. */
  readonly expirationTime: number;
  readonly accessToken: AccessTokenText;
}

@Controller(USER_PATHS.map((path) => `${path}/token`))
export class TokensController {
  constructor(
    @Inject(SERVICE) private readonly service: Service,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** As deployed clients fetch one: each time a new one. */
  @PasswordOrSession()
  @Get('get')
  async fetch(@Req() request: FastifyRequest): Promise<FetchedToken | null> {
    // A question for headers alone must not leave a token behind that nobody saw.
    if (request.method === 'HEAD') return null;
    const { token, text } = await this.issue(request, null);
    return { userId: token.userId, expirationTime: token.expiresAt, accessToken: text };
  }

  @ActsAsUser()
  @Post('create')
  async create(
    @Req() request: FastifyRequest,
    @Body(new ShapePipe(TokenBody)) { name }: TokenBody,
  ): Promise<Envelope<TokenJson>> {
    const { token, text } = await this.issue(request, name);
    return answer(request, tokenJson(token, text));
  }

  /** One's own; anybody's for admins. */
  @ActsAsUser()
  @Get('list')
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query(new ShapePipe(TokenQuery)) { userId }: TokenQuery,
  ): Promise<void> {
    const tokens = await this.service.platform.listTokens(callerOf(request), { userId });
    await streamList(tokens, (token) => tokenJson(token), request, reply);
  }

  @ActsAsUser()
  @Delete(':id')
  async revoke(@Req() request: FastifyRequest, @Param('id') id: string): Promise<Envelope<true>> {
    await this.service.platform.revokeToken(callerOf(request), { id });
    return answer(request, true);
  }

  private issue(request: FastifyRequest, name: string | null) {
    const lifetime = this.config['auth.accessToken.expirationTime'];
    return this.service.platform.createToken(callerOf(request), { name, lifetime });
  }
}
