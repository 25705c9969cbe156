import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { SELF_SIGNED } from './self-signed.js';

/** A real small server for the gateway to pass requests on to. */
export interface Upstream {
  readonly url: string;
  /** What it was asked last. */
  readonly last: IncomingMessage;
  /** From now on it answers so. */
  answer(listener: (request: IncomingMessage, response: ServerResponse) => void): void;
  close(): Promise<void>;
}

export async function startUpstream({ tls = false } = {}): Promise<Upstream> {
  let answer: RequestListener = (_request, response) => response.end('ok');
  let last: IncomingMessage | null = null;
  const listener: RequestListener = (request, response) => {
    last = request;
    answer(request, response);
  };
  const server = tls ? createTlsServer(SELF_SIGNED, listener) : createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    get last() {
      if (!last) throw new Error('It was asked nothing.');
      return last;
    },
    answer: (other) => {
      answer = other;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
