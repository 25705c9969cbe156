import { Body, Controller, Delete, Get, Inject, Param, Post, Req } from '@nestjs/common';
import { credentialJson, rotationJson, type CredentialJson, type RotationJson } from '@claviger/application';
import type { FastifyRequest } from 'fastify';
import { ActsAsUser } from '../caller/access.js';
import { callerOf } from '../caller/caller-guard.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { ACCOUNT_PATHS } from './account-paths.js';
import { RotationBody, toRotation } from './credential-bodies.js';

/** `rotation` stands where the check by path has a secret key: no secret key is that word. */
@Controller(ACCOUNT_PATHS.map((path) => `${path}/credential/:appId/:accessKey`))
export class RotationsController {
  constructor(@Inject(SERVICE) private readonly service: Service) {}

  @ActsAsUser()
  @Post('rotate')
  async rotate(
    @Req() request: FastifyRequest,
    @Param('appId') appId: string,
    @Param('accessKey') accessKey: string,
    @Body(new ShapePipe(RotationBody, {})) body: RotationBody,
  ): Promise<Envelope<CredentialJson>> {
    const asked = { ...toRotation(body), appId, accessKey };
    const { credential, secretKey } = await this.service.platform.rotateCredential(callerOf(request), asked);
    return answer(request, credentialJson(credential, [{ accessKey: credential.accessKey, secretKey }]));
  }

  @ActsAsUser()
  @Get('rotation')
  async show(
    @Req() request: FastifyRequest,
    @Param('appId') appId: string,
    @Param('accessKey') accessKey: string,
  ): Promise<Envelope<RotationJson>> {
    return answer(
      request,
      rotationJson(await this.service.platform.showRotation(callerOf(request), { appId, accessKey })),
    );
  }

  @ActsAsUser()
  @Delete('rotation')
  async rollBack(
    @Req() request: FastifyRequest,
    @Param('appId') appId: string,
    @Param('accessKey') accessKey: string,
  ): Promise<Envelope<true>> {
    await this.service.platform.rollBackRotation(callerOf(request), { appId, accessKey });
    return answer(request, true);
  }
}
