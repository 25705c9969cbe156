import { Body, Controller, Get, HttpCode, Inject, Post, Put, Req, Res } from '@nestjs/common';
import type { OpenedSession, PasswordClaim, Self } from '@claviger/application';
import type { Config } from '@claviger/composition';
import { PlatformError } from '@claviger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ActsAsUser, LogsIn } from '../caller/access.js';
import { originOf } from '../caller/caller-address.js';
import { callerOf, sessionOf } from '../caller/caller-guard.js';
import { sessionCookie, sessionsIn, type SessionCookie } from '../caller/session-cookie.js';
import { CONFIG } from '../config.js';
import { answer, type Envelope } from '../envelope.js';
import { SERVICE, type Service } from '../service.js';
import { ShapePipe } from '../shape.pipe.js';
import { LoginBody } from './login-body.js';
import { OwnPasswordBody } from './password-bodies.js';
import { USER_PATHS } from './user-paths.js';

/** Coming, going and being somebody. */
@Controller(USER_PATHS)
export class LoginController {
  private readonly cookie: SessionCookie;

  constructor(
    @Inject(SERVICE) private readonly service: Service,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.cookie = sessionCookie(config['http.publicUrl']);
  }

  /** Opens a session for a password in the body, or in a Basic header. */
  @LogsIn()
  @Post('login')
  @HttpCode(200)
  async login(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: unknown,
  ): Promise<Envelope<Self & { expiresAt: string }>> {
    const lifetime = this.config['auth.session.expirationTime'];
    const userAgent = request.headers['user-agent'] ?? null;
    const opened = await this.service.platform.logIn(passwordIn(request, body), {
      lifetime,
      origin: originOf(request),
      userAgent,
    });
    await this.closeFormer(request, opened);
    reply.header('set-cookie', this.cookie.set(opened.text, lifetime));
    const self = await this.service.platform.showSelf(opened.caller);
    return answer(request, { ...self, expiresAt: new Date(opened.session.expiresAt).toISOString() });
  }

  /** Ends the session that asks. */
  @ActsAsUser()
  @Post('logout')
  @HttpCode(200)
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Envelope<true>> {
    await this.service.platform.logOut(callerOf(request), { session: sessionOf(request) });
    reply.header('set-cookie', this.cookie.clear());
    return answer(request, true);
  }

  @ActsAsUser()
  @Get('info')
  async info(@Req() request: FastifyRequest): Promise<Envelope<Self>> {
    return answer(request, await this.service.platform.showSelf(callerOf(request)));
  }

  /** Ends all sessions of the user, this one too. */
  @ActsAsUser()
  @Put('password')
  async changePassword(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body(new ShapePipe(OwnPasswordBody)) body: OwnPasswordBody,
  ): Promise<Envelope<true>> {
    await this.service.platform.changeOwnPassword(callerOf(request), body, originOf(request));
    if (sessionOf(request) !== undefined) reply.header('set-cookie', this.cookie.clear());
    return answer(request, true);
  }

  /** The browser is about to forget the session it came with: nobody could log out of it any more. */
  private async closeFormer(request: FastifyRequest, { caller }: OpenedSession): Promise<void> {
    for (const session of sessionsIn(request.headers.cookie, this.cookie.name))
      await this.service.platform.logOut(caller, { session });
  }
}

const readLogin = new ShapePipe(LoginBody);

/** @throws authentications_conflict when it is said in both places */
function passwordIn({ presented }: FastifyRequest, body: unknown): PasswordClaim {
  if (presented?.scheme !== 'password') return readLogin.transform(body);
  if (body !== undefined && body !== null) throw new PlatformError('authentications_conflict');
  return presented;
}
