import { configWith } from '@claviger/composition';
import { expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { pino } from 'pino';
import { openMetrics } from './metrics.js';
import { tellOfAnswers } from './tell-of-answers.js';

const open = async () => {
  const metrics = await openMetrics(configWith({ 'http.metricsPort': 0 }));
  if (!metrics) throw new Error('A port is configured.');
  const ask = (path = '/metrics', method = 'GET') => fetch(`http://127.0.0.1:${metrics.port}${path}`, { method });
  return { ...metrics, ask, text: async () => (await ask()).text() };
};

test('answers are counted by route and status, never by address', async () => {
  const { count, text, close } = await open();
  const server = fastify();
  tellOfAnswers(server, pino({ level: 'silent' }), { count });
  server.get('/of/:name', (_request, reply) => reply.code(204).send());
  for (const name of ['alice', 'bob']) await server.inject(`/of/${name}`);
  await server.inject('/nowhere');
  const told = await text();
  expect(told).toContain('claviger_http_requests_total{method="GET",route="/of/:name",status="204"} 2');
  expect(told).toContain('claviger_http_requests_total{method="GET",route="none",status="404"} 1');
  expect(told).toContain('claviger_http_request_seconds_count{method="GET",route="/of/:name"} 2');
  expect(told).toContain('claviger_http_request_seconds_bucket{method="GET",route="/of/:name",le="+Inf"} 2');
  expect(told).not.toContain('alice');
  await server.close();
  close();
});

test('how long answers took is counted in buckets up to so many seconds', async () => {
  const { count, text, close } = await open();
  const route = { config: {}, url: '/slow' };
  for (const milliseconds of [1, 1.5, 30, 9_000]) count(route, { method: 'GET', status: 200, milliseconds });
  const told = await text();
  const upTo = (end: string) => `claviger_http_request_seconds_bucket{method="GET",route="/slow",le="${end}"}`;
  for (const [end, counted] of Object.entries({ '0.001': 1, '0.0025': 2, '0.025': 2, '0.05': 3, '5': 3, '+Inf': 4 }))
    expect(told).toContain(`${upTo(end)} ${counted}\n`);
  expect(told).toContain('claviger_http_request_seconds_sum{method="GET",route="/slow"} 9.0325');
  close();
});

test('how long changes are on their way is told in seconds', async () => {
  const { onPropagation, text, close } = await open();
  for (const ms of [3, 200, 1_500]) onPropagation(ms);
  const told = await text();
  expect(told).toContain('claviger_change_propagation_seconds_bucket{le="0.005"} 1');
  expect(told).toContain('claviger_change_propagation_seconds_bucket{le="1"} 2');
  expect(told).toContain('claviger_change_propagation_seconds_count 3');
  close();
});

test('nothing else is told, and nobody listens where no port is configured', async () => {
  const { ask, close, port } = await open();
  expect([(await ask('/')).status, (await ask('/metrics', 'POST')).status]).toEqual([404, 404]);
  await expect(openMetrics(configWith({ 'http.metricsPort': port }))).rejects.toThrow('EADDRINUSE');
  close();
  expect(await openMetrics(configWith({}))).toBeNull();
});
