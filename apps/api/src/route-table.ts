import type { FastifyInstance } from 'fastify';
import findMyWay, { type HTTPMethod } from 'find-my-way';
import { HttpError } from './errors/http-errors.js';

export interface RouteTable {
  /** 404, or 405 when the URL serves other methods. */
  whyNotFound(url: string): HttpError;
}

/** Remembers every route, because Fastify alone cannot tell which methods a URL serves. Call it before the first route. */
export function routeTable(server: FastifyInstance): RouteTable {
  const router = findMyWay();
  const methods = new Set<HTTPMethod>();
  server.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat() as HTTPMethod[]) {
      methods.add(one);
      if (!router.hasRoute(one, url)) router.on(one, url, () => undefined);
    }
  });
  return {
    whyNotFound: (url) => {
      const path = pathOf(url);
      // `OPTIONS *` asks about no path; a router that knows wildcards would find one.
      const allowed = path === '*' ? [] : [...methods].filter((method) => router.find(method, path) !== null);
      return allowed.length === 0
        ? new HttpError('url_unknown')
        : new HttpError('method_unknown', { allow: allowed.toSorted().join(', ') });
    },
  };
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}
