import { describe, expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { guardCallers } from './caller-guard.js';

const nobody = {
  get platform(): never {
    throw new Error('Nobody was to be asked.');
  },
  ping: async () => undefined,
};

describe('the guard', () => {
  test('keeps a server from starting that has a route without an access rule', () => {
    const server = fastify();
    guardCallers(server, nobody);
    expect(() => server.get('/secret', () => 'secret')).toThrow('The route GET /secret has no access rule.');
  });

  test('looks at nothing that is presented on an open route', async () => {
    const server = fastify();
    guardCallers(server, nobody);
    server.get('/open', { config: { access: 'open' } }, ({ caller }) => ({ caller }));
    const headers = { authorization: 'Platform !!', 'x-bkrepo-uid': 'not a user' };
    const answer = await server.inject({ url: '/open?access_token=a&access_token=b', headers });
    expect(answer.json()).toEqual({ caller: null });
  });
});
