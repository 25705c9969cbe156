// Keys verified by better-auth on SQLite, behind Fastify.
import { apiKey } from '@better-auth/api-key';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import Database from 'better-sqlite3';
import { fastify } from 'fastify';
import { port, say } from './say.mjs';

const auth = betterAuth({
  database: new Database(process.env['BENCH_FILE']),
  secret: 'a secret of the bench, of some length',
  baseURL: `http://127.0.0.1:${port}`,
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
});
const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
const { user } = await auth.api.signUpEmail({
  body: { name: 'bench', email: 'bench@example.com', password: 'a password of the bench' },
});
const { key } = await auth.api.createApiKey({ body: { name: 'bench', userId: user.id } });

const server = fastify();
server.get('/ready', () => 'ready');
server.post('/check', async ({ body }) => {
  const { valid } = await auth.api.verifyApiKey({ body: { key: body.key } });
  return { valid };
});
await server.listen({ host: '127.0.0.1', port });
say({
  name: 'better-auth, API key on SQLite',
  path: '/check',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ key }),
  expected: '"valid":true',
});
