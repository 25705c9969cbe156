import { fastify } from 'fastify';

/** The measure of all variants: Fastify alone, reading the same request and answering the same bytes. */
const server = fastify();
const body = process.env['BENCH_BODY'] ?? '';
server.get('/ready', () => 'ready');
server.post('/check', (_request, reply) => reply.type('application/json; charset=utf-8').send(body));
await server.listen({ host: '127.0.0.1', port: Number(process.env['BENCH_PORT']) });
process.on('SIGTERM', () => void server.close());
