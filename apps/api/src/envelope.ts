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

/** The same as {@link answer}, as text. @param data as JSON */
export function answerText(traceId: string, data: string): string {
  return `{"code":0,"message":"","data":${data},"traceId":"${traceId}"}`;
}

/** Answers carry keys and who holds them: no cache may keep one, no browser guess what it is. */
export const ANSWER_HEADERS = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' } as const;
export const JSON_TYPE = 'application/json; charset=utf-8';

/** The same as {@link answer}, sent without Nest: for what all requests wait for. @param data as JSON in ASCII */
export function send(request: { readonly id: string }, reply: FastifyReply, data: string): void {
  const text = answerText(request.id, data);
  // Fastify would first look whether it is a stream, a `Response` or for somebody's hooks.
  reply.header('content-type', JSON_TYPE).header('content-length', String(text.length)).hijack();
  reply.raw.writeHead(200, reply.getHeaders() as OutgoingHttpHeaders).end(text);
}
