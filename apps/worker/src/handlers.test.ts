import { platform } from '@claviger/application';
import { configWith, createLog } from '@claviger/composition';
import { OPERATOR } from '@claviger/domain';
import { memoryPorts, REFUSED } from '@claviger/testing';
import { expect, test } from '@jest/globals';
import { handlersOn, periodsIn } from './handlers.js';
import { openMetrics } from './metrics.js';

function world(config = configWith({})) {
  const { database, ports } = memoryPorts();
  const { clock, messenger } = ports;
  const held = platform(ports);
  const lines: Record<string, unknown>[] = [];
  const log = createLog('debug', 'worker', { write: (line: string) => void lines.push(JSON.parse(line)) });
  const metrics = openMetrics(held, { lag: async () => ({ due: 3, oldest: clock.now() - 2_000 }) }, () => clock.now());
  return {
    held,
    database,
    clock,
    messenger,
    lines,
    metrics,
    handlers: handlersOn(held, config, { log, metrics, isEnding: () => false }),
  };
}

test('what is past its retention is deleted, and nothing else', async () => {
  const { held, database, clock, handlers, lines } = world(configWith({ 'audit.retention': 1000 }));
  await held.createUser(OPERATOR, { userId: 'early' });
  await held.sealAudit();
  clock.advance(1001);
  await held.createUser(OPERATOR, { userId: 'late' });
  await held.sealAudit();
  await handlers['delete-expired']({});
  expect(lines).toMatchObject([{ task: 'delete-expired', deleted: 1, msg: 'done' }]);
  expect(database.events.map(({ name }) => name)).toEqual(['user.registered', 'audit.pruned']);
  await handlers['delete-expired']({});
  expect(lines[1]).toMatchObject({ task: 'delete-expired', msg: 'nothing to do', level: 'debug' });
});

test('old credentials that waited for silence and have been quiet are retired', async () => {
  const { held, clock, handlers } = world();
  const { keyPairs } = await held.createAccount(OPERATOR, { appId: 'builds', authorizationGrantTypes: ['PLATFORM'] });
  for (const { accessKey } of keyPairs)
    await held.rotateCredential(OPERATOR, { appId: 'builds', accessKey, overlap: 0, retire: 'after-idle' });
  clock.advance(3_600_000);
  await handlers['retire-idle']({});
  for (const pair of keyPairs)
    expect(await held.checkCredential(OPERATOR, pair)).toMatchObject({ valid: false, because: 'expired' });
});

test('credentials that expire soon are warned of, and the audit is sealed', async () => {
  const { held, clock, handlers, database } = world();
  await held.createAccount(OPERATOR, { appId: 'builds', authorizationGrantTypes: ['PLATFORM'] });
  const expiresAt = new Date(clock.now() + 40 * 86_400_000).toISOString();
  await held.createCredential(OPERATOR, { appId: 'builds', type: 'PLATFORM', expiresAt });
  clock.advance(11 * 86_400_000);
  await handlers['warn-of-expiry']({});
  expect(database.events.at(-1)).toMatchObject({ name: 'credential.expiring', details: { days: 30 } });
  await handlers['seal-audit']({});
  expect(await held.verifyAudit(OPERATOR)).toMatchObject({ intact: true, verified: 3, unsealed: 0 });
});

test('events are delivered; what fails waits for as long as is configured', async () => {
  const { held, clock, messenger, metrics, handlers } = world(configWith({ 'webhooks.retryFor': 1_000 }));
  const url = 'https://hooks.example/';
  const { webhook } = await held.registerWebhook(OPERATOR, { url });
  await held.createUser(OPERATOR, { userId: 'bob' });
  await held.publishEvents();
  messenger.answer(url, REFUSED);
  clock.advance(1);
  await handlers.deliver({ webhookId: webhook.id });
  const { deliveries } = await held.listDeliveries(OPERATOR, { id: webhook.id });
  expect(deliveries).toMatchObject([{ name: 'user.registered', status: 'dead', attempts: 1 }]);
  expect(await metrics.text()).toContain('claviger_delivery_attempts_total{result="failed"} 1');
});

test('the keys that sign are rotated as often as is configured', async () => {
  const { held, clock, handlers, lines } = world(configWith({ 'oauth.signingKeys.every': 10 * 86_400_000 }));
  await held.openSigningKeys();
  await handlers['rotate-signing-keys']({});
  clock.advance(8 * 86_400_000);
  await handlers['rotate-signing-keys']({});
  clock.advance(4 * 86_400_000);
  await handlers['rotate-signing-keys']({});
  expect(lines).toMatchObject([
    { task: 'rotate-signing-keys', msg: 'nothing to do' },
    { task: 'rotate-signing-keys', made: 1, retired: 0, msg: 'done' },
    { task: 'rotate-signing-keys', made: 0, retired: 1, msg: 'done' },
  ]);
  expect((await held.listSigningKeys(OPERATOR)).map(({ state }) => state)).toEqual(['signing']);
});

test('the metrics tell what waits, and for how long', async () => {
  const { held, clock, metrics } = world();
  await held.createUser(OPERATOR, { userId: 'bob' });
  clock.advance(5_000);
  const text = await metrics.text();
  expect(text).toContain('claviger_lag_seconds{kind="jobs"} 2');
  expect(text).toContain('claviger_lag_seconds{kind="events"} 5');
  expect(text).toContain('claviger_waiting{kind="seals"} 1');
  expect(text).toContain('claviger_waiting{kind="jobs"} 3');
});

test('every periodic task has the period that is configured', () => {
  expect(periodsIn(configWith({ 'worker.sealAudit.every': 7_000 }))).toEqual({
    'delete-expired': 3_600_000,
    'retire-idle': 60_000,
    'warn-of-expiry': 3_600_000,
    'seal-audit': 7_000,
    'rotate-signing-keys': 3_600_000,
  });
});
