import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Characters that are gathered before they are passed on. */
const CHUNK = 32 * 1024;

/**
 * A list as an answer that is written while it is read: however long it is, only a part of it is in memory.
 * @param head called before anything is sent, once the first item is read: a database that is away is still a status,
 * and not yet a broken connection
 */
export async function streamList<Item>(
  items: AsyncIterable<Item>,
  toJson: (item: Item) => object,
  request: FastifyRequest,
  reply: FastifyReply,
  head: () => void = () => undefined,
): Promise<void> {
  const rest = items[Symbol.asyncIterator]();
  const first = await rest.next();
  head();
  const onlyHeaders = request.method === 'HEAD';
  if (onlyHeaders) await rest.return?.();
  const chunks = onlyHeaders ? [] : envelopeAround(first, rest, toJson, request.id);
  void reply.type('application/json; charset=utf-8').send(Readable.from(chunks, { objectMode: false }));
}

async function* envelopeAround<Item>(
  first: IteratorResult<Item>,
  rest: AsyncIterator<Item>,
  toJson: (item: Item) => object,
  traceId: string,
): AsyncGenerator<string> {
  let gathered = '{"code":0,"message":"","data":[';
  let separator = '';
  try {
    for (let one = first; !one.done; one = await rest.next()) {
      gathered += separator + JSON.stringify(toJson(one.value));
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
