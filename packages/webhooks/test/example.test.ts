import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventId, OutgoingMessage, WebhookSecret } from '@claviger/domain';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { httpMessenger } from '../src/index.js';

const secretOf = (letter: string) => `whsec_${Buffer.from(letter.repeat(32)).toString('base64')}` as WebhookSecret;
const messenger = httpMessenger({ timeout: 5_000, allowPrivateAddresses: true, userAgent: 'claviger/test' });

let server: Server;
const log = jest.spyOn(console, 'log').mockReturnValue();

beforeAll(async () => {
  process.env['WEBHOOK_SECRET'] = secretOf('a');
  process.env['PORT'] = '0';
  // The example of docs/events.md, as it stands there.
  ({ server } = (await import(new URL('../examples/receiver.mjs', import.meta.url).href)) as { server: Server });
  if (!server.listening) await once(server, 'listening');
});

afterEach(() => void log.mockClear());

afterAll(async () => {
  messenger.close();
  await new Promise((resolve) => server.close(resolve));
  log.mockRestore();
  delete process.env['WEBHOOK_SECRET'];
  delete process.env['PORT'];
});

const sent = (told: Partial<OutgoingMessage>) =>
  messenger.send({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    id: 'evt_1' as EventId,
    at: Date.now(),
    body: '{"type":"account.locked","data":{"subject":{"kind":"account","id":"1","name":"shop"}}}',
    secrets: [secretOf('a')],
    ...told,
  });

test('the example takes what is signed for it, and does the work for one event once', async () => {
  for (const id of ['evt_1', 'evt_2', 'evt_1'] as EventId[])
    expect(await sent({ id })).toMatchObject({ result: '204' });
  expect(log.mock.calls).toEqual([
    ['account.locked', 'shop'],
    ['account.locked', 'shop'],
  ]);
});

test('the example takes what the new secret signs beside the one that it knows', async () => {
  expect(await sent({ secrets: [secretOf('b'), secretOf('a')] })).toMatchObject({ result: '204' });
});

test.each<[string, Partial<OutgoingMessage>]>([
  ['somebody else signed', { secrets: [secretOf('b')] }],
  ['was signed long ago', { at: Date.now() - 3_600_000 }],
])('the example refuses what %s', async (_, told) => {
  expect(await sent({ id: 'evt_3' as EventId, ...told })).toMatchObject({ result: '401' });
  expect(log).not.toHaveBeenCalled();
});
