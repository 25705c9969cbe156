import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

export interface HealthServer {
  readonly port: number;
  readonly close: () => void;
}

/** What is answered: live as long as anything is, ready while the database is there, metrics for Prometheus. */
export interface Health {
  /** Rejects when the database or its migrations are not there. */
  readonly ping: () => Promise<void>;
  readonly isEnding: () => boolean;
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
}

/** Tells how the worker is. @throws what `listen` throws, such as EADDRINUSE */
export async function serveHealth(at: { host: string; port: number }, health: Health): Promise<HealthServer> {
  const routes: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    '/health/live': async (response) => send(response, 200, { status: 'live' }),
    '/health/ready': async (response) => {
      const ready = !health.isEnding() && (await isThere(health.ping));
      send(response, ready ? 200 : 503, { status: ready ? 'ready' : 'not ready' });
    },
    '/metrics': async (response) => {
      response.setHeader('content-type', health.metrics.contentType);
      response.end(await health.metrics.text());
    },
  };
  const server = createServer({ requestTimeout: 5_000, headersTimeout: 5_000 }, (request, response) => {
    response.setHeader('x-content-type-options', 'nosniff');
    const [path = ''] = (request.url ?? '').split('?');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    if (!route) return send(response, 404, { status: 'unknown' });
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD');
      return send(response, 405, { status: 'not allowed' });
    }
    return void route(response).catch(() => send(response, 503, { status: 'not ready' }));
  });
  server.listen(at.port, at.host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function send(response: ServerResponse, status: number, body: Readonly<Record<string, string>>): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function isThere(ping: () => Promise<void>): Promise<boolean> {
  return ping().then(
    () => true,
    () => false,
  );
}
