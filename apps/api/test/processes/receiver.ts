import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One message, as it arrived. */
export interface Received {
  readonly path: string;
  readonly id: string;
  readonly type: string;
  /** What it is about. */
  readonly subject: { readonly kind: string; readonly id: string; readonly name: string };
  /** Milliseconds from the event to its arrival. */
  readonly latency: number;
}

export interface Receiver {
  readonly address: string;
  readonly received: readonly Received[];
  /** How many requests came, those to `/dead` with them. */
  readonly asked: number;
  /** Told of each message before it is answered. */
  readonly arrivals: EventEmitter<{ message: [Received] }>;
  /** Resolves once that is true of what was received. */
  until(isTrue: () => boolean): Promise<void>;
  close(): void;
}

/** Takes every message but those to `/dead`, which never hear an answer. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const arrivals = new EventEmitter<{ message: [Received] }>();
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    const path = request.url ?? '';
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      if (path === '/dead') return;
      const { type, timestamp, data } = JSON.parse(text) as {
        type: string;
        timestamp: string;
        data: { subject: Received['subject'] };
      };
      const latency = Date.now() - Date.parse(timestamp);
      const message = { path, id: String(request.headers['webhook-id']), type, subject: data.subject, latency };
      received.push(message);
      arrivals.emit('message', message);
      response.writeHead(204).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    received,
    get asked() {
      return asked;
    },
    arrivals,
    until: async (isTrue) => {
      while (!isTrue()) await once(arrivals, 'message');
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
