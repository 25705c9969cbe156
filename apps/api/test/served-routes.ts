import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { FastifyInstance } from 'fastify';
import type { Access } from '../src/caller/access.js';

export interface ServedRoute {
  readonly method: string;
  readonly url: string;
  readonly access: Access | undefined;
}

/** Methods that an API is made of: Fastify adds HEAD by itself, and browsers ask with OPTIONS. */
const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const MADE = 'fastify.initialization';

/** What starts a server, and every route that it has then, from its own mouth: whoever added it. */
export async function withRoutes<T>(start: () => Promise<T>): Promise<[T, readonly ServedRoute[]]> {
  const routes: ServedRoute[] = [];
  const listen = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance };
    fastify.addHook('onRoute', ({ method, url, config }) => {
      const methods = [method].flat().filter((one) => METHODS.includes(one));
      routes.push(...methods.map((one) => ({ method: one, url, access: config?.access })));
    });
  };
  subscribe(MADE, listen);
  try {
    return [await start(), routes];
  } finally {
    unsubscribe(MADE, listen);
  }
}
