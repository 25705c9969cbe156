import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import { createServer as createBareServer, type AddressInfo, type Server as BareServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Receiver {
  readonly port: number;
  readonly url: string;
  readonly received: readonly Received[];
  /** How many were made so far. */
  readonly connections: () => number;
  readonly open: () => number;
  close(): Promise<void>;
}

/** A server on loopback that keeps what it receives, and answers 204 unless told otherwise. */
export function receiver(answer: RequestListener = (_, response) => response.writeHead(204).end()): Promise<Receiver> {
  const received: Received[] = [];
  const take = async (...[request, response]: Parameters<RequestListener>): Promise<void> => {
    received.push({ path: request.url ?? '', headers: request.headers, body: await text(request) });
    answer(request, response);
  };
  const server = createServer((request, response) => void take(request, response));
  return listening(server, received);
}

/** A server that speaks for itself. */
export function bareReceiver(serve: (socket: Socket) => void): Promise<Receiver> {
  const server = createBareServer((socket) => {
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  return listening(server, []);
}

async function listening(server: Server | BareServer, received: readonly Received[]): Promise<Receiver> {
  const sockets = new Set<Socket>();
  let connections = 0;
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  // At all addresses of this machine, of both families if it has them: what is not allowed must not be reached by any.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}/hook`,
    received,
    connections: () => connections,
    open: () => sockets.size,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
