import { fastify } from 'fastify';

/** The measure of all variants: Fastify alone, reading the same request and answering the same bytes. */
const server = fastify();
/** By path: the bytes to answer with. */
const answers = JSON.parse(process.env['BENCH_ANSWERS'] ?? '{}') as Record<string, string>;
server.get('/ready', () => 'ready');
for (const [path, body] of Object.entries(answers))
  server.route({
    method: ['GET', 'POST'],
    url: path,
    handler: (_request, reply) => reply.type('application/json; charset=utf-8').send(body),
  });
await server.listen({ host: '127.0.0.1', port: Number(process.env['BENCH_PORT']) });
process.on('SIGTERM', () => void server.close());
