import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Characters that are gathered before they are passed on. */
const CHUNK = 32 * 1024;

/** How items become one text. */
interface Frame {
  readonly type: string;
  readonly before: string;
  /** After each item but the last. */
  readonly between: string;
  readonly after: string;
}

/**
 * A list as an answer that is written while it is read: however long it is, only a part of it is in memory.
 * @param head called before anything is sent, once the first item is read: a database that is away is still a status,
 * and not yet a broken connection
 */
export function streamList<Item>(
  items: AsyncIterable<Item>,
  toJson: (item: Item) => object,
  request: FastifyRequest,
  reply: FastifyReply,
  head: () => void = () => undefined,
): Promise<void> {
  const frame = {
    type: 'application/json; charset=utf-8',
    before: '{"code":0,"message":"","data":[',
    between: ',',
    after: `],"traceId":"${request.id}"}`,
  };
  return stream(items, toJson, frame, request, reply, head);
}

/** The same without envelope, one item on each line. */
export function streamLines<Item>(
  items: AsyncIterable<Item>,
  toJson: (item: Item) => object,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const frame = { type: 'application/x-ndjson', before: '', between: '\n', after: '\n' };
  return stream(items, toJson, frame, request, reply, () => undefined);
}

async function stream<Item>(
  items: AsyncIterable<Item>,
  toJson: (item: Item) => object,
  frame: Frame,
  request: FastifyRequest,
  reply: FastifyReply,
  head: () => void,
): Promise<void> {
  const rest = items[Symbol.asyncIterator]();
  const first = await rest.next();
  head();
  const onlyHeaders = request.method === 'HEAD';
  if (onlyHeaders) await rest.return?.();
  const chunks = onlyHeaders ? [] : framed(first, rest, toJson, frame);
  void reply.type(frame.type).send(Readable.from(chunks, { objectMode: false }));
}

async function* framed<Item>(
  first: IteratorResult<Item>,
  rest: AsyncIterator<Item>,
  toJson: (item: Item) => object,
  { before, between, after }: Frame,
): AsyncGenerator<string> {
  let gathered = before;
  let separator = '';
  try {
    for (let one = first; !one.done; one = await rest.next()) {
      gathered += separator + JSON.stringify(toJson(one.value));
      separator = between;
      if (gathered.length < CHUNK) continue;
      yield gathered;
      gathered = '';
    }
    yield gathered + after;
  } finally {
    await rest.return?.();
  }
}
