import type { AccountList } from '@claviger/application';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamList } from '../answer-stream.js';
import { nextLink } from '../next-link.js';
import type { ListQuery } from './list-query.js';

/** A list of accounts, with what belongs to its page. @param base where clients reach the API, for links; null: relative ones */
export async function sendList<T>(
  list: AccountList<T>,
  toJson: (account: T) => object,
  asked: { request: FastifyRequest; reply: FastifyReply; query: ListQuery; base: string | null },
): Promise<void> {
  const { request, reply, query, base } = asked;
  const head = (): void => {
    reply.header('x-total-count', String(list.total));
    if (list.next !== null) reply.header('link', nextLink(request, query, list.next, base));
  };
  await streamList(list.accounts, toJson, request, reply, head);
}
