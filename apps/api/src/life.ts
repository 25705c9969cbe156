import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { awaitedAnswer } from './awaited-answer.js';

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

/** Node can close idle connections, but not those that were opened ahead of need: so connections are counted here. */
export function watchOver(server: Server): Life {
  const connections = new Set<Socket>();
  let stopping = false;

  server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  return {
    get stopping() {
      return stopping;
    },
    drain: (grace) => {
      stopping = true;
      return new Promise((resolve) => {
        const timer = setTimeout(resolve, grace);
        const pending = new Set<ServerResponse>();
        const endIfAllAnswered = (): void => {
          if (pending.size > 0) return;
          clearTimeout(timer);
          resolve();
        };
        const finish = (response: ServerResponse): void => {
          pending.add(response);
          if (!response.headersSent) response.shouldKeepAlive = false;
          response.on('close', () => {
            pending.delete(response);
            response.req.socket.end();
            endIfAllAnswered();
          });
        };
        server.prependListener('request', (_request, response: ServerResponse) => finish(response));
        for (const connection of connections) {
          const response = awaitedAnswer(connection);
          if (response) finish(response);
          else connection.destroy();
        }
        endIfAllAnswered();
      });
    },
  };
}
