import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The token under which Nest hands it to controllers. */
export const LIFE = Symbol('life');

export interface Life {
  /** True from the moment somebody told the process to stop. */
  readonly stopping: boolean;
  /**
   * Closes idle connections at once and the others after the answer they wait for. Resolves when the last one is out,
   * or when the time is over; until then newcomers are still answered, so that readiness can say no.
   * @param grace milliseconds
   */
  drain(grace: number): Promise<void>;
}

/** Node can close idle connections, but not those that were opened ahead of need: so they are counted here. */
export function watchOver(server: Server): Life {
  const sockets = new Set<Socket>();
  const pending = new Set<ServerResponse>();
  let stopping = false;
  let allAnswered = (): void => undefined;

  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  // One listener for all: every request waits for what is done about it here.
  const answered = function (this: ServerResponse): void {
    pending.delete(this);
    if (!stopping) return;
    this.req.socket.end();
    if (pending.size === 0) allAnswered();
  };
  server.on('request', (_request, response: ServerResponse) => {
    pending.add(response);
    if (stopping) response.shouldKeepAlive = false;
    response.on('close', answered);
  });

  return {
    get stopping() {
      return stopping;
    },
    drain: (grace) => {
      stopping = true;
      const busy = new Set([...pending].map((response) => response.socket));
      for (const socket of sockets) if (!busy.has(socket)) socket.destroy();
      for (const response of pending) if (!response.headersSent) response.shouldKeepAlive = false;
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, grace);
        allAnswered = () => {
          clearTimeout(timer);
          resolve();
        };
        if (pending.size === 0) allAnswered();
      });
    },
  };
}
