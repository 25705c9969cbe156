import { accountJson, type AccountList } from '@claviger/application';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { streamList } from '../answer-stream.js';
import type { ListQuery } from './list-query.js';

/** A list of accounts, with what belongs to its page. @param base where clients reach the API, for links; null: relative ones */
export async function sendList(
  list: AccountList,
  asked: { request: FastifyRequest; reply: FastifyReply; query: ListQuery; base: string | null },
): Promise<void> {
  const { request, reply, query, base } = asked;
  const head = (): void => {
    reply.header('x-total-count', String(list.total));
    if (list.next !== null) reply.header('link', nextLink(`${base ?? ''}${pathOf(request.url)}`, query, list.next));
  };
  await streamList(list.accounts, (account) => accountJson(account), request, reply, head);
}

/** The same question from where this page ended (RFC 8288). */
function nextLink(url: string, query: ListQuery, cursor: string): string {
  const parameters = new URLSearchParams();
  // The pipe has left behind what is no part of the question.
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  parameters.set('cursor', cursor);
  return `<${url}?${parameters.toString()}>; rel="next"`;
}

function pathOf(url: string): string {
  return url.slice(0, url.indexOf('?'));
}
