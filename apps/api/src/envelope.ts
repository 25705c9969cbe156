import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyReply } from 'fastify';

/** The form of every answer of the API. */
export interface Envelope<T> {
  /** 0: done. Any other is an error's number in the catalogue. */
  readonly code: number;
  /** Empty when done. */
  readonly message: string;
  readonly data: T;
  /** 32 hex digits: finds the request in the log. */
  readonly traceId: string;
}

/** A success. @param request whose id is its trace id */
export function answer<T>(request: { readonly id: string }, data: T): Envelope<T> {
  return { code: 0, message: '', data, traceId: request.id };
}

/** The same as {@link answer}, sent without Nest: for what all requests wait for. @param data as JSON in ASCII */
export function send(request: { readonly id: string }, reply: FastifyReply, data: string): void {
  const text = `{"code":0,"message":"","data":${data},"traceId":"${request.id}"}`;
  // Fastify would first look whether it is a stream, a `Response` or for somebody's hooks.
  reply
    .header('content-type', 'application/json; charset=utf-8')
    .header('content-length', String(text.length))
    .hijack();
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders).end(text);
}
