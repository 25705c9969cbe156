import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** The answer that a connection waits for, by Node's own name for it; to note it again would cost every request. */
export function awaitedAnswer(socket: Socket): ServerResponse | null {
  const { _httpMessage: answer } = socket as Socket & { readonly _httpMessage?: ServerResponse | null };
  return answer ?? null;
}
