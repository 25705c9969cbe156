import type { Caller } from '@claviger/domain';
import { RouteConfig } from '@nestjs/platform-fastify';

/**
 * Who may call a route. `user`: somebody, by themselves or through a platform's account. `user_optional`: a platform's
 * account may also come without a user. `open`: anybody; nothing presented is even looked at.
 */
export type Access = 'user' | 'user_optional' | 'open';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route has one, or the server does not start. */
    access?: Access;
    /** Its successes are too many, and too dull, for the log at its usual level. */
    quiet?: boolean;
  }
  interface FastifyRequest {
    /** Proven by the guard before the body is read; null on open routes. */
    caller: Caller | null;
  }
}

export const ActsAsUser = (): MethodDecorator => RouteConfig({ access: 'user' });
export const UserOptional = (): MethodDecorator => RouteConfig({ access: 'user_optional', quiet: true });
export const Open = (): MethodDecorator => RouteConfig({ access: 'open', quiet: true });
