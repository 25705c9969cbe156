// Tokens issued and introspected by oidc-provider with its storage in memory.
import { Provider } from 'oidc-provider';
import { basic, FORM, port, say } from './say.mjs';

const kept = new Map();
/** The library's own storage would forget the token that is asked about while others are issued. */
class Memory {
  constructor(kind) {
    this.kind = kind;
  }
  async upsert(id, payload) {
    kept.set(`${this.kind} ${id}`, payload);
  }
  async find(id) {
    return kept.get(`${this.kind} ${id}`);
  }
}

const client = { client_id: 'bench', client_secret: 'a-secret-of-the-bench-of-some-length' };
const provider = new Provider(`http://127.0.0.1:${port}`, {
  adapter: Memory,
  clients: [{ ...client, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    introspection: { enabled: true, allowedPolicy: () => true },
  },
  cookies: { keys: ['a key of the bench'] },
});
const headers = { ...basic(client.client_id, client.client_secret), ...FORM };
const issuing = { path: '/token', headers, body: 'grant_type=client_credentials' };
provider.use(async (context, next) => {
  if (context.path === '/ready') context.body = 'ready';
  else await next();
});
provider.listen(port, '127.0.0.1', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}${issuing.path}`, {
    method: 'POST',
    headers,
    body: issuing.body,
  });
  const { access_token: token } = await answer.json();
  say(
    { ...issuing, name: 'oidc-provider, token issued, in memory', expected: '"access_token":' },
    {
      name: 'oidc-provider, introspection, in memory',
      path: '/token/introspection',
      headers,
      body: `token=${token}`,
      expected: '"active":true',
    },
  );
});
