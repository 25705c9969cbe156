import { fastify } from 'fastify';

/** The measure of all variants: Fastify alone, reading the same request and answering the same bytes. */
const server = fastify();
/** By path: what to answer with. */
const answers = JSON.parse(process.env['BENCH_ANSWERS'] ?? '{}') as Record<string, RecordedAnswer>;

/** An answer of the API, as it is to be given again. */
export interface RecordedAnswer {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

server.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(String(body)))),
);
server.get('/ready', () => 'ready');
for (const [path, { headers, body }] of Object.entries(answers))
  server.route({
    method: ['GET', 'POST'],
    url: path,
    handler: (_request, reply) => reply.headers(headers).send(body),
  });
await server.listen({ host: '127.0.0.1', port: Number(process.env['BENCH_PORT']) });
process.on('SIGTERM', () => void server.close());
