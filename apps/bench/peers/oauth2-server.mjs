// Tokens authenticated by @node-oauth/oauth2-server with a model in memory, behind Fastify.
import OAuth2Server from '@node-oauth/oauth2-server';
import { fastify } from 'fastify';
import { port, say } from './say.mjs';

const accessToken = 'a-token-of-the-bench-of-forty-three-letters';
const accessTokenExpiresAt = new Date(Date.now() + 86_400_000);
const kept = new Map([
  [accessToken, { accessToken, accessTokenExpiresAt, client: { id: 'bench' }, user: { id: 'bench' } }],
]);
const oauth = new OAuth2Server({ model: { getAccessToken: async (token) => kept.get(token) } });

const server = fastify();
server.get('/ready', () => 'ready');
server.post('/check', async ({ headers, method, query, body }) => {
  const request = new OAuth2Server.Request({ headers, method, query, body });
  const { user } = await oauth.authenticate(request, new OAuth2Server.Response({ headers: {} }));
  return { valid: true, user: user.id };
});
await server.listen({ host: '127.0.0.1', port });
say({
  name: '@node-oauth/oauth2-server, access token, in memory',
  path: '/check',
  headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
  body: '{}',
  expected: '"valid":true',
});
