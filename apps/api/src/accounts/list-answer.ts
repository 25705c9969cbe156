import { Readable } from 'node:stream';
import { accountJson, type AccountList } from '@claviger/application';
import type { Account } from '@claviger/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ListQuery } from './list-query.js';

/** Characters that are gathered before they are passed on. */
const CHUNK = 32 * 1024;

/**
 * A list as an answer that is written while it is read: however many accounts there are, only some are in memory.
 * @param base where clients reach the API, for links; null: the link is relative to it
 */
export async function sendList(
  list: AccountList,
  asked: { request: FastifyRequest; reply: FastifyReply; query: ListQuery; base: string | null },
): Promise<void> {
  const { request, reply, query, base } = asked;
  const accounts = list.accounts[Symbol.asyncIterator]();
  // Read before anything is sent: a database that is away is still a status, and not yet a broken connection.
  const first = await accounts.next();
  reply.header('x-total-count', String(list.total)).type('application/json; charset=utf-8');
  if (list.next !== null) reply.header('link', nextLink(`${base ?? ''}${pathOf(request.url)}`, query, list.next));
  const onlyHeaders = request.method === 'HEAD';
  if (onlyHeaders) await accounts.return?.();
  const chunks = onlyHeaders ? [] : envelopeAround(first, accounts, request.id);
  void reply.send(Readable.from(chunks, { objectMode: false }));
}

async function* envelopeAround(
  first: IteratorResult<Account>,
  rest: AsyncIterator<Account>,
  traceId: string,
): AsyncGenerator<string> {
  let gathered = '{"code":0,"message":"","data":[';
  let separator = '';
  try {
    for (let one = first; !one.done; one = await rest.next()) {
      gathered += separator + JSON.stringify(accountJson(one.value));
      separator = ',';
      if (gathered.length < CHUNK) continue;
      yield gathered;
      gathered = '';
    }
    yield `${gathered}],"traceId":"${traceId}"}`;
  } finally {
    await rest.return?.();
  }
}

/** The same question from where this page ended (RFC 8288). */
function nextLink(url: string, { owner, locked, grantType, scope, q, limit }: ListQuery, cursor: string): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries({ owner, locked, grantType, scope, q, limit, cursor }))
    if (value !== undefined) parameters.set(name, value);
  return `<${url}?${parameters.toString()}>; rel="next"`;
}

function pathOf(url: string): string {
  return url.slice(0, url.indexOf('?'));
}
