import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { accountJson, authorizedAccountJson, type AccountJson, type AccountList } from '@claviger/application';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { LINK_BASE } from '../link-base.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { AccountBody } from './account-body.js';
import { ACCOUNT_PATHS } from './account-paths.js';
import { sendList } from './list-answer.js';
import { ListQuery, toAccountQuery } from './list-query.js';
import { prefersRepresentation } from './prefer.js';

@Controller(ACCOUNT_PATHS)
export class AccountsController {
  constructor(
    @Inject(SERVICE) private readonly service: Service,
    @Inject(LINK_BASE) private readonly base: string | null,
  ) {}

  @ActsAsUser()
  @Post('create')
  async create(
    @Req() request: FastifyRequest,
    @Body(new ShapePipe(AccountBody)) body: AccountBody,
  ): Promise<Envelope<AccountJson>> {
    const { account, keyPairs } = await this.service.platform.createAccount(callerOf(request), body);
    return answer(request, accountJson(account, keyPairs));
  }

  /** Says `true` as deployed clients expect, or what has become of the account to those who ask for it (RFC 7240). */
  @ActsAsUser()
  @Put('update')
  async update(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body(new ShapePipe(AccountBody)) body: AccountBody,
  ): Promise<Envelope<AccountJson | true>> {
    const { account, keyPairs } = await this.service.platform.updateAccount(callerOf(request), body);
    if (!prefersRepresentation(request.headers.prefer)) return answer(request, true);
    reply.header('preference-applied', 'return=representation');
    return answer(request, accountJson(account, keyPairs));
  }

  @ActsAsUser()
  @Delete('delete/:appId')
  async delete(@Req() request: FastifyRequest, @Param('appId') appId: string): Promise<Envelope<true>> {
    await this.service.platform.deleteAccount(callerOf(request), { appId });
    return answer(request, true);
  }

  @ActsAsUser()
  @Delete('uninstall/:appId')
  async uninstall(@Req() request: FastifyRequest, @Param('appId') appId: string): Promise<Envelope<true>> {
    await this.service.platform.uninstallAccount(callerOf(request), { appId });
    return answer(request, true);
  }

  @ActsAsUser()
  @Get('list')
  async list(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query(new ShapePipe(ListQuery)) query: ListQuery,
  ): Promise<void> {
    const found = await this.service.platform.listAccounts(callerOf(request), toAccountQuery(query));
    await this.send(found, request, reply, query);
  }

  @ActsAsUser()
  @Get('own/list')
  async listOwn(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query(new ShapePipe(ListQuery)) query: ListQuery,
  ): Promise<void> {
    const found = await this.service.platform.listOwnAccounts(callerOf(request), toAccountQuery(query));
    await this.send(found, request, reply, query);
  }

  @ActsAsUser()
  @Get('authorized/list')
  async listAuthorized(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Query(new ShapePipe(ListQuery)) query: ListQuery,
  ): Promise<void> {
    const found = await this.service.platform.listAuthorizedAccounts(callerOf(request), toAccountQuery(query));
    await sendList(found, authorizedAccountJson, { request, reply, query, base: this.base });
  }

  @ActsAsUser()
  @Get('detail/:appId')
  async detail(@Req() request: FastifyRequest, @Param('appId') appId: string): Promise<Envelope<AccountJson>> {
    return answer(request, accountJson(await this.service.platform.showAccount(callerOf(request), { appId })));
  }

  private send(list: AccountList, request: FastifyRequest, reply: FastifyReply, query: ListQuery): Promise<void> {
    return sendList(list, (account) => accountJson(account), { request, reply, query, base: this.base });
  }
}
