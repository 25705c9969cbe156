import type { RequestListener } from 'node:http';
import type { LookupFunction, Socket } from 'node:net';
import type { EventId, OutgoingMessage, WebhookSecret } from '@claviger/domain';
import { afterEach, describe, expect, test } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { httpMessenger, type HttpMessengerOptions } from '../src/index.js';
import { eventually } from './eventually.js';
import { bareReceiver, receiver, type Received, type Receiver } from './receiver.js';

const secretOf = (text: string) => `whsec_${Buffer.from(text.padEnd(32, '.')).toString('base64')}` as WebhookSecret;
const [SECRET, FORMER] = [secretOf('the new one'), secretOf('the one before')];

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const messenger = (told: Partial<HttpMessengerOptions> = {}) => {
  const made = httpMessenger({ timeout: 5_000, allowPrivateAddresses: true, userAgent: 'claviger/test', ...told });
  closers.push(() => made.close());
  return made;
};

/** A receiver that is closed with its test. */
const open = async (made: Promise<Receiver>): Promise<Receiver> => {
  const opened = await made;
  closers.push(() => opened.close());
  return opened;
};
const listening = (answer?: RequestListener) => open(receiver(answer));
const speaking = (serve: (socket: Socket) => void) => open(bareReceiver(serve));

const messageTo = (url: string, told: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  url,
  id: 'evt_7' as EventId,
  at: Date.now(),
  body: '{"type":"credential.expiring","data":{"name":"凭证 – é"}}',
  secrets: [SECRET],
  ...told,
});

const NOTHING: Received = { path: '', headers: {}, body: '' };

const lost = (result: string) => ({ delivered: false, result, gone: false, retryAfter: null });

describe('a message', () => {
  test('arrives as JSON under its name, and its receiver can verify whose it is', async () => {
    const { url, received } = await listening();
    const message = messageTo(`${url}?for=us`);
    expect(await messenger().send(message)).toEqual({ delivered: true, result: '204' });
    const [{ path, headers, body } = NOTHING] = received;
    expect({ path, body }).toEqual({ path: '/hook?for=us', body: message.body });
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(message.body)),
      'user-agent': 'claviger/test',
      'webhook-id': 'evt_7',
      'webhook-timestamp': String(Math.floor(message.at / 1000)),
    });
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(message.body));
    expect(() => new Webhook(FORMER).verify(body, headers as Record<string, string>)).toThrow('No matching signature');
  });

  test('is signed with every secret, so that receivers of either verify it', async () => {
    const { url, received } = await listening();
    await messenger().send(messageTo(url, { secrets: [SECRET, FORMER] }));
    const [{ headers, body } = NOTHING] = received;
    expect(headers['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
    for (const secret of [SECRET, FORMER])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(body));
  });

  test('goes over a connection that is kept', async () => {
    const { url, received, connections } = await listening();
    const sender = messenger();
    for (let i = 0; i < 5; i++) await sender.send(messageTo(url));
    expect([received.length, connections()]).toEqual([5, 1]);
  });

  test('waits for no other, and of the many connections that this takes few are kept', async () => {
    const waiting: (() => void)[] = [];
    const {
      url,
      received,
      open: stillOpen,
    } = await listening((_, response) => {
      waiting.push(() => response.writeHead(204).end());
      if (waiting.length === 20) for (const answer of waiting) answer();
    });
    const sender = messenger();
    await Promise.all(Array.from({ length: 20 }, () => sender.send(messageTo(url))));
    expect(received).toHaveLength(20);
    await eventually(() => stillOpen() <= 5);
  });

  test('goes over another connection when the receiver closed the one that was kept', async () => {
    const served = new Map<Socket, number>();
    const closesAfterOne = await speaking((socket) =>
      socket.on('data', () => {
        served.set(socket, (served.get(socket) ?? 0) + 1);
        if (served.get(socket) === 1) socket.write('HTTP/1.1 204 No Content\r\n\r\n');
        else socket.destroy();
      }),
    );
    const sender = messenger();
    for (let i = 0; i < 3; i++)
      expect(await sender.send(messageTo(closesAfterOne.url))).toMatchObject({ delivered: true });
    expect([...served.values()]).toEqual([2, 2, 1]);
  });
});

describe('an attempt ends', () => {
  test.each([302, 307, 308])('with a redirect, which is not followed: %s', async (status) => {
    const elsewhere = await listening();
    const { url } = await listening((_, response) => response.writeHead(status, { location: elsewhere.url }).end());
    expect(await messenger().send(messageTo(url))).toEqual(lost(String(status)));
    expect(elsewhere.received).toEqual([]);
  });

  test('with what the status and Retry-After say, and nothing that the receiver wrote', async () => {
    const { url } = await listening((_, response) => {
      response.writeHead(503, 'Read This', { 'retry-after': '90', 'x-read': 'this' }).end('and this');
    });
    const ended = { delivered: false, result: '503', gone: false, retryAfter: 90_000 };
    expect(await messenger().send(messageTo(url))).toEqual(ended);
  });

  test('with 410 when the receiver wants no more', async () => {
    const { url } = await listening((_, response) => response.writeHead(410).end());
    expect(await messenger().send(messageTo(url))).toMatchObject({ result: '410', gone: true });
  });

  test('in time when nobody answers', async () => {
    const { url } = await listening(() => {});
    expect(await messenger({ timeout: 50 }).send(messageTo(url))).toEqual(lost('timeout'));
  });

  test('in time when the name is looked up for ever', async () => {
    const sender = messenger({ timeout: 50, lookup: () => {} });
    expect(await sender.send(messageTo('http://slow.example/'))).toEqual(lost('timeout'));
  });

  test('in time when the headers never end', async () => {
    const { url } = await speaking((socket) => socket.write('HTTP/1.1 200 OK\r\nX-Long: '));
    expect(await messenger({ timeout: 50 }).send(messageTo(url))).toEqual(lost('timeout'));
  });

  test('in time, and well, when the message was taken and only the answer never ends', async () => {
    const { url } = await listening((_, response) => void response.writeHead(200).write('and'));
    expect(await messenger({ timeout: 1_000 }).send(messageTo(url))).toEqual({ delivered: true, result: '200' });
  });

  test('when enough of an endless answer was read', async () => {
    let written = 0;
    const { url } = await listening((_, response) => {
      const chunk = Buffer.alloc(8_192);
      const goOn = (): void => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length;
        if (!response.destroyed) response.once('drain', goOn);
      };
      response.writeHead(200);
      goOn();
    });
    expect(await messenger().send(messageTo(url))).toEqual({ delivered: true, result: '200' });
    // What lies in the buffers of the system was written and never read.
    expect(written).toBeLessThan(50_000_000);
  });

  test.each([
    ['closes without a word', '', 'connection broken'],
    ['breaks off in the headers', 'HTTP/1.1 200 OK\r\nX-Half', 'connection broken'],
    ['speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', 'answer malformed'],
    [
      'wants to speak something else',
      'HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n',
      'connection broken',
    ],
    ['has endless headers', `HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(100_000)}`, 'answer malformed'],
  ])('when the receiver %s', async (_, answer, result) => {
    const { url } = await speaking((socket) => socket.once('data', () => socket.end(answer)));
    expect(await messenger().send(messageTo(url))).toEqual(lost(result));
  });

  test('well when the receiver breaks off after the status that takes the message', async () => {
    const { url } = await speaking((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
    );
    expect(await messenger().send(messageTo(url))).toEqual({ delivered: true, result: '200' });
  });

  test('when nobody listens', async () => {
    const gone = await receiver();
    await gone.close();
    expect(await messenger().send(messageTo(gone.url))).toEqual(lost('connection refused'));
  });

  test('when the name is unknown', async () => {
    const lookup: LookupFunction = (_, __, tell) => tell(Object.assign(new Error('?'), { code: 'ENOTFOUND' }), '', 0);
    expect(await messenger({ lookup }).send(messageTo('http://nowhere.example/'))).toEqual(lost('name not found'));
  });

  test('when the receiver speaks no TLS', async () => {
    const { port } = await listening();
    expect(await messenger().send(messageTo(`https://127.0.0.1:${port}/`))).toEqual(lost('TLS failed'));
  });

  test.each(['', 'nonsense', 'ftp://receiver.example/', 'http://'])('before it begins at %j', async (url) => {
    expect(await messenger().send(messageTo(url))).toEqual(lost('not sent'));
  });

  test('when the messenger is closed, and no other is begun', async () => {
    const receiving = await speaking((socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 204 No Content\r\n\r\n');
        socket.once('data', () => made.close());
      });
    });
    const made = messenger();
    expect(await made.send(messageTo(receiving.url))).toMatchObject({ delivered: true });
    expect(await made.send(messageTo(receiving.url))).toEqual(lost('connection broken'));
    expect(receiving.connections()).toBe(1);
  });
});

describe('an address that is not public', () => {
  test.each([
    'http://127.0.0.1',
    'http://127.8.9.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://１２７.0.0.1',
    'http://localhost',
    'http://0.0.0.0',
    'http://0',
    'http://[::1]',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[::ffff:0:7f00:1]',
    'http://[64:ff9b::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://192.168.0.1',
    'http://169.254.169.254',
    'http://100.64.0.1',
    'http://100.100.100.200',
    'http://168.63.129.16',
    'http://192.0.0.192',
    'http://198.18.0.1',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://[fe80::1]',
    'http://[fd00:ec2::254]',
    'http://[ff02::1]',
    'https://127.0.0.1',
    'https://localhost',
    'https://[::1]',
  ])('is not reached: %s', async (origin) => {
    const { port, connections } = await listening();
    const sender = messenger({ allowPrivateAddresses: false });
    expect(await sender.send(messageTo(`${origin}:${port}/`))).toEqual(lost('address not allowed'));
    expect(connections()).toBe(0);
  });

  test.each([
    ['in place of a public one', ['127.0.0.1']],
    ['of the other family', ['::1']],
    ['beside a public one', ['192.0.2.1', '10.0.0.1']],
    ['behind a public one', ['2606:4700::1111', '::ffff:127.0.0.1']],
  ])('is not reached by a name that leads there: %s', async (_, addresses) => {
    const { port, connections } = await listening();
    const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    const lookup: LookupFunction = (__, ___, tell) => tell(null, found);
    const sender = messenger({ allowPrivateAddresses: false, lookup });
    for (const scheme of ['http', 'https'])
      expect(await sender.send(messageTo(`${scheme}://rebound.example:${port}/`))).toEqual(lost('address not allowed'));
    expect(connections()).toBe(0);
  });

  test('is not reached by a connection that was made for somebody who may', async () => {
    const { url, received } = await listening();
    expect(await messenger().send(messageTo(url))).toMatchObject({ delivered: true });
    const strict = messenger({ allowPrivateAddresses: false });
    expect(await strict.send(messageTo(url))).toEqual(lost('address not allowed'));
    expect(received).toHaveLength(1);
  });

  test('is not reached by way of IPv4 in IPv6 as it was once written', async () => {
    const { port, connections } = await listening();
    const sender = messenger({ allowPrivateAddresses: false, timeout: 2_000 });
    expect(await sender.send(messageTo(`http://[::127.0.0.1]:${port}/`))).toMatchObject({ delivered: false });
    expect(connections()).toBe(0);
  });

  test('is reached where that is allowed, by name too', async () => {
    const { port, received } = await listening();
    for (const host of ['127.0.0.1', 'localhost'])
      expect(await messenger().send(messageTo(`http://${host}:${port}/`))).toMatchObject({ delivered: true });
    expect(received).toHaveLength(2);
  });
});

test('no proxy of the environment is used', async () => {
  const [proxy, { url, received }] = [await listening(), await listening()];
  const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = names.map((name) => [name, process.env[name]] as const);
  for (const name of names) process.env[name] = name.startsWith('NODE') ? '1' : proxy.url;
  try {
    expect(await messenger().send(messageTo(url))).toMatchObject({ delivered: true });
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
  expect([proxy.received.length, received.length]).toEqual([0, 1]);
});

test('one name is looked up once for messages that go there at once', async () => {
  const { port, received } = await listening();
  const waiting: (() => void)[] = [];
  const lookup: LookupFunction = (_, __, tell) =>
    void waiting.push(() => tell(null, [{ address: '127.0.0.1', family: 4 }]));
  const sender = messenger({ lookup });
  const sent = Array.from({ length: 5 }, () => sender.send(messageTo(`http://receiver.example:${port}/`)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(waiting).toHaveLength(1);
  waiting[0]?.();
  for (const outcome of await Promise.all(sent)) expect(outcome).toMatchObject({ delivered: true });
  expect(received).toHaveLength(5);
});

test('connections that are kept are closed with the messenger', async () => {
  const receiving = await listening();
  const made = messenger();
  await made.send(messageTo(receiving.url));
  expect(receiving.open()).toBe(1);
  made.close();
  await eventually(() => receiving.open() === 0);
});
