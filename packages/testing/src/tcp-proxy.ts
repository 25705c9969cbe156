import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** Stands between us and a server, so that a test can take the server away. */
export interface TcpProxy {
  readonly port: number;
  /** The server comes back, or comes for the first time. */
  listen(): Promise<void>;
  /** Cuts every connection and takes no new one. */
  cut(): Promise<void>;
}

export async function tcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const serve = () =>
    createServer((client) => {
      const server = connect(target.port, target.host);
      keep(client);
      keep(server);
      client.pipe(server).pipe(client);
    });

  let listening: Server | null = null;
  const open = async (port: number): Promise<number> => {
    listening = serve().listen(port, '127.0.0.1');
    await once(listening, 'listening');
    const address = listening.address();
    return address !== null && typeof address === 'object' ? address.port : port;
  };
  const cut = async () => {
    const closed = listening && once(listening, 'close');
    listening?.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    listening = null;
  };

  const port = await open(0);
  return { port, listen: async () => void (await open(port)), cut };
}
