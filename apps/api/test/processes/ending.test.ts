import { once } from 'node:events';
import { Agent, get, request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { platformHeaders } from '../answer.js';
import { startFirst } from '../api-process.js';
import { freshSettings } from './settings.js';

const freshSetting = freshSettings(async () => ({}));
const BODY = JSON.stringify({ appId: 'finished', authorizationGrantTypes: ['PLATFORM'] });

test('at its end the API answers what it has begun, is not ready, closes idle connections, and has exit code 0', async () => {
  const api = await startFirst(await freshSetting());
  const inFlight = request(`${api.address}/auth/api/account/create`, {
    method: 'POST',
    agent: new Agent({ keepAlive: true }),
    headers: {
      ...platformHeaders(api.system, 'admin'),
      'content-type': 'application/json',
      'content-length': BODY.length,
      expect: '100-continue',
    },
  });
  inFlight.flushHeaders();
  await once(inFlight, 'continue');
  const idle = connect(Number(new URL(api.address).port), '127.0.0.1');
  await once(idle, 'connect');
  // One that came after it is answered: by now the API knows of it.
  const [later] = (await once(get(`${api.address}/health/live`, { agent: false }), 'response')) as [IncomingMessage];
  later.resume();

  const [idleIsClosed, exitCode] = [once(idle, 'close'), api.stop('SIGINT')];
  await idleIsClosed;
  const readiness = await api.call('GET', '/health/ready');
  expect(readiness).toMatchObject({ status: 503, body: { code: 250128 }, headers: { 'retry-after': '2' } });
  inFlight.end(BODY);
  const [answer] = (await once(inFlight, 'response')) as [IncomingMessage];
  expect(answer).toMatchObject({ statusCode: 201, headers: { connection: 'close' } });
  answer.resume();
  expect(await exitCode).toBe(0);
}, 30_000);
