import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { serveHealth, type HealthServer } from './health-server.js';

let server: HealthServer;
let isThere: boolean;
let isEnding: boolean;
beforeEach(async () => {
  [isThere, isEnding] = [true, false];
  const metrics = {
    contentType: 'text/plain; version=0.0.4',
    text: async () => {
      if (!isThere) throw new Error('the database is away');
      return 'claviger_waiting 0\n';
    },
  };
  const ping = async () => {
    if (!isThere) throw new Error('the database is away');
  };
  server = await serveHealth({ host: '127.0.0.1', port: 0 }, { ping, isEnding: () => isEnding, metrics });
});
afterEach(() => server.close());

const ask = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method });

test('a worker is ready while its database is there and it does not end', async () => {
  expect((await ask('/health/ready')).status).toBe(200);
  isEnding = true;
  expect((await ask('/health/ready')).status).toBe(503);
  [isEnding, isThere] = [false, false];
  expect((await ask('/health/ready')).status).toBe(503);
  expect((await ask('/health/live')).status).toBe(200);
});

test('its metrics are there for Prometheus, and say nothing while they are not known', async () => {
  const answer = await ask('/metrics');
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4');
  expect(await answer.text()).toBe('claviger_waiting 0\n');
  isThere = false;
  expect((await ask('/metrics')).status).toBe(503);
});

test('it answers nothing else', async () => {
  expect((await ask('/toString')).status).toBe(404);
  const refused = await ask('/metrics', 'POST');
  expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test('two cannot listen on one port', async () => {
  const health = {
    ping: async () => undefined,
    isEnding: () => false,
    metrics: { contentType: '', text: async () => '' },
  };
  await expect(serveHealth({ host: '127.0.0.1', port: server.port }, health)).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
