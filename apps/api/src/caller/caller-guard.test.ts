import { describe, expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { configWith } from '@claviger/composition';
import { guardCallers } from './caller-guard.js';

const CONFIG = configWith();
const unlimited = async () => undefined;
const nobody = {
  get platform(): never {
    throw new Error('Nobody was to be asked.');
  },
  requests: null,
  oauthCookieKey: '',
  ping: async () => undefined,
};

describe('the guard', () => {
  test('keeps a server from starting that has a route without an access rule', () => {
    const server = fastify();
    guardCallers(server, nobody, CONFIG, unlimited);
    expect(() => server.get('/secret', () => 'secret')).toThrow('The route GET /secret has no access rule.');
  });

  test('looks at nothing that is presented on an open route', async () => {
    const server = fastify();
    guardCallers(server, nobody, CONFIG, unlimited);
    server.get('/open', { config: { access: 'open' } }, ({ caller }) => ({ caller }));
    const headers = { authorization: 'Platform !!', 'x-bkrepo-uid': 'not a user' };
    const answer = await server.inject({ url: '/open?access_token=a&access_token=b', headers });
    expect(answer.json()).toEqual({ caller: null });
  });
});
