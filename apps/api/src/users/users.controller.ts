import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Req, Res } from '@nestjs/common';
import { userJson, type UserJson } from '@claviger/application';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamList } from '../answer-stream.js';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { PasswordBody } from './password-bodies.js';
import { NewUserBody, UserAmendmentBody } from './user-bodies.js';
import { USER_PATHS } from './user-paths.js';

/** The users that the service knows; for admins. */
@Controller(USER_PATHS)
export class UsersController {
  constructor(@Inject(SERVICE) private readonly service: Service) {}

  @ActsAsUser()
  @Get('list')
  async list(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await streamList(this.service.platform.listUsers(callerOf(request)), userJson, request, reply);
  }

  @ActsAsUser()
  @Post('create')
  async create(
    @Req() request: FastifyRequest,
    @Body(new ShapePipe(NewUserBody)) body: NewUserBody,
  ): Promise<Envelope<UserJson>> {
    return answer(request, userJson(await this.service.platform.createUser(callerOf(request), body)));
  }

  @ActsAsUser()
  @Get('detail/:userId')
  async detail(@Req() request: FastifyRequest, @Param('userId') userId: string): Promise<Envelope<UserJson>> {
    return answer(request, userJson(await this.service.platform.showUser(callerOf(request), { userId })));
  }

  @ActsAsUser()
  @Put('update')
  async update(
    @Req() request: FastifyRequest,
    @Body(new ShapePipe(UserAmendmentBody)) body: UserAmendmentBody,
  ): Promise<Envelope<UserJson>> {
    return answer(request, userJson(await this.service.platform.updateUser(callerOf(request), body)));
  }

  /** Ends the user's sessions. */
  @ActsAsUser()
  @Put('password/:userId')
  async setPassword(
    @Req() request: FastifyRequest,
    @Param('userId') userId: string,
    @Body(new ShapePipe(PasswordBody)) { password }: PasswordBody,
  ): Promise<Envelope<true>> {
    await this.service.platform.changePassword(callerOf(request), { userId, password });
    return answer(request, true);
  }

  @ActsAsUser()
  @Delete('delete/:userId')
  async delete(@Req() request: FastifyRequest, @Param('userId') userId: string): Promise<Envelope<true>> {
    await this.service.platform.deleteUser(callerOf(request), { userId });
    return answer(request, true);
  }
}
