import { connect, type AddressInfo, type Socket } from 'node:net';
import type { ApiOverMemory } from './api-over-memory.js';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Makes the API listen, and tells where. */
export async function listen({ app }: ApiOverMemory): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.getHttpServer().address() as AddressInfo).port;
}

/** Sends bytes as they are and waits until the other side closes. */
export async function sendRaw(port: number, ...parts: (string | Buffer)[]): Promise<RawAnswer> {
  const socket = connect(port, '127.0.0.1');
  for (const part of parts) socket.write(part);
  return readAnswer(socket);
}

/** Reads one answer up to the end of the connection. */
export async function readAnswer(socket: Socket): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A server that refuses what it has not read resets the connection after its answer.
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.once('close', resolve));
  return parse(Buffer.concat(chunks).toString('latin1'));
}

/** @param answer one character for each byte */
function parse(answer: string): RawAnswer {
  const end = answer.indexOf('\r\n\r\n');
  const [first = '', ...lines] = answer.slice(0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  ) as Record<string, string>;
  const rest = answer.slice(end + 4);
  const body = headers['transfer-encoding'] === 'chunked' ? joined(rest) : rest;
  return { status: Number(first.split(' ')[1]), headers, text: Buffer.from(body, 'latin1').toString() };
}

/** @throws when it is cut off */
function joined(chunks: string): string {
  let body = '';
  for (let at = 0; ;) {
    const line = chunks.indexOf('\r\n', at);
    const size = Number(`0x${chunks.slice(at, line)}`);
    if (line < 0 || !(line + size + 4 <= chunks.length)) throw new Error(`Cut off: ${chunks}`);
    if (size === 0) return body;
    body += chunks.slice(line + 2, line + 2 + size);
    at = line + size + 4;
  }
}
