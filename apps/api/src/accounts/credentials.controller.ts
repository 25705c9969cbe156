import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query, Req } from '@nestjs/common';
import { credentialJson, type CredentialJson, type NewCredential } from '@claviger/application';
import type { FastifyRequest } from 'fastify';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { ACCOUNT_PATHS } from './account-paths.js';
import { NewCredentialBody } from './credential-bodies.js';
import { CredentialQuery } from './credential-query.js';

@Controller(ACCOUNT_PATHS.map((path) => `${path}/credential`))
export class CredentialsController {
  constructor(@Inject(SERVICE) private readonly service: Service) {}

  @ActsAsUser()
  @Get('list/:appId')
  async list(@Req() request: FastifyRequest, @Param('appId') appId: string): Promise<Envelope<CredentialJson[]>> {
    const credentials = await this.service.platform.listCredentials(callerOf(request), { appId });
    return answer(
      request,
      credentials.map((credential) => credentialJson(credential)),
    );
  }

  /** Answers with a list, as the original's documentation has it. */
  @ActsAsUser()
  @Post(':appId/:type')
  async create(
    @Req() request: FastifyRequest,
    @Param('appId') appId: string,
    @Param('type') type: string,
    @Body(new ShapePipe(NewCredentialBody, {})) { expiresAt }: NewCredentialBody,
  ): Promise<Envelope<CredentialJson[]>> {
    return answer(request, [await this.issue(request, { appId, type, expiresAt })]);
  }

  /** Answers with the credential itself, as deployed clients of the original expect. */
  @ActsAsUser()
  @Post(':appId')
  async createByQuery(
    @Req() request: FastifyRequest,
    @Param('appId') appId: string,
    @Query(new ShapePipe(CredentialQuery)) { type = 'PLATFORM' }: CredentialQuery,
    @Body(new ShapePipe(NewCredentialBody, {})) { expiresAt }: NewCredentialBody,
  ): Promise<Envelope<CredentialJson>> {
    return answer(request, await this.issue(request, { appId, type, expiresAt }));
  }

  @ActsAsUser()
  @Delete(':appId/:accessKey')
  async delete(
    @Req() request: FastifyRequest,
    @Param('appId') appId: string,
    @Param('accessKey') accessKey: string,
  ): Promise<Envelope<true>> {
    await this.service.platform.deleteCredential(callerOf(request), { appId, accessKey });
    return answer(request, true);
  }

  @ActsAsUser()
  @Put(':appId/:accessKey/:status')
  async changeStatus(
    @Req() request: FastifyRequest,
    @Param('appId') appId: string,
    @Param('accessKey') accessKey: string,
    @Param('status') status: string,
  ): Promise<Envelope<true>> {
    await this.service.platform.changeCredentialStatus(callerOf(request), { appId, accessKey, status });
    return answer(request, true);
  }

  private async issue(request: FastifyRequest, asked: NewCredential): Promise<CredentialJson> {
    const { credential, secretKey } = await this.service.platform.createCredential(callerOf(request), asked);
    return credentialJson(credential, [{ accessKey: credential.accessKey, secretKey }]);
  }
}
