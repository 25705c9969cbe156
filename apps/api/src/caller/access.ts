import type { Caller } from '@claviger/domain';
import type { Type } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { Presented } from './read-claim.js';

/**
 * Who may call a route. `user`: somebody, by themselves or through a platform's account. `user_optional`: a platform's
 * account may also come without a user. `access_token`: a user by that alone. `password_or_session`: a user who has
 * logged in, or does so right here. `login`: whoever presents a password; the handler judges it. `open`: anybody;
 * nothing presented is even looked at.
 */
export type Access = 'user' | 'user_optional' | 'access_token' | 'password_or_session' | 'login' | 'open';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route has one, or the server does not start. */
    access?: Access;
    /** Its successes are too many, and too dull, for the log at its usual level. */
    quiet?: boolean;
  }
  interface FastifyRequest {
    /** Proven by the guard before the body is read; null where nobody is, or not yet. */
    caller: Caller | null;
    /** What the guard read; null on open routes. */
    presented: Presented | null;
  }
}

export const ActsAsUser = (): MethodDecorator => RouteConfig({ access: 'user' });
export const PasswordOrSession = (): MethodDecorator => RouteConfig({ access: 'password_or_session' });
export const LogsIn = (): MethodDecorator => RouteConfig({ access: 'login' });
export const Open = (): MethodDecorator => RouteConfig({ access: 'open', quiet: true });

/** What a handler of a controller was given. */
export function accessOf(controller: Type, handler: string): Access {
  const method: unknown = controller.prototype[handler];
  const config = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, method as object) as
    { access?: Access } | undefined;
  if (!config?.access) throw new Error(`${controller.name}.${handler} has no access rule.`);
  return config.access;
}
