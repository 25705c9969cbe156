import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Account } from '@claviger/domain';
import { anAccount } from '@claviger/testing';
import { platformHeaders } from './answer.js';
import { apiOverMemory, type ApiOverMemory } from './api-over-memory.js';
import { listen } from './raw-http.js';

const MANY = 20_000;

let api: ApiOverMemory;
let port: number;

beforeEach(async () => {
  api = await apiOverMemory();
  port = await listen(api);
});
afterEach(() => api.app.close());

function ask(): Socket {
  const socket = connect(port, '127.0.0.1');
  const lines = Object.entries(platformHeaders(api.system, 'admin')).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(`GET /auth/api/account/list HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`);
  return socket;
}

/** The list of all accounts is, from now on, this one. */
function serve(accounts: AsyncIterable<Account>): void {
  api.swap({ listAccounts: async () => ({ total: MANY, next: null, accounts }) });
}

describe('a list of very many accounts', () => {
  test('is read no faster than its client takes it, and no further once the client left', async () => {
    let read = 0;
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => (ended = resolve));
    const account = anAccount({ description: 'x'.repeat(1000) });
    serve(
      (async function* () {
        try {
          while (read < MANY) {
            read++;
            yield account;
          }
        } finally {
          ended();
        }
      })(),
    );
    const socket = ask();
    await once(socket, 'data');
    socket.pause();
    // Whatever can still move has moved after a few rounds without a change.
    for (let before = -1; before !== read;) {
      before = read;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(read).toBeLessThan(MANY);
    socket.destroy();
    await end;
    expect(read).toBeLessThan(MANY);
  });

  test('that cannot be read to its end breaks the connection, so that nobody takes a part for the whole', async () => {
    const account = anAccount({ description: 'x'.repeat(1000) });
    serve(
      (async function* () {
        for (let i = 0; i < 200; i++) yield account;
        throw new Error('The database went away.');
      })(),
    );
    const socket = ask();
    let text = '';
    socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
    socket.on('error', () => undefined);
    await once(socket, 'close');
    expect(text).toContain('HTTP/1.1 200 OK');
    expect(text.endsWith('0\r\n\r\n')).toBe(false);
    expect(api.lines).toContainEqual(
      expect.objectContaining({ level: 50, error: expect.objectContaining({ message: 'The database went away.' }) }),
    );
  });

  test('that cannot be read at all is a 500 as any other', async () => {
    serve(
      // eslint-disable-next-line require-yield
      (async function* (): AsyncGenerator<Account> {
        throw new Error('The database is not there.');
      })(),
    );
    const answer = await api.call('GET', '/auth/api/account/list', { as: platformHeaders(api.system, 'admin') });
    expect([answer.status, answer.body.code]).toEqual([500, 250102]);
    expect(answer.headers['x-total-count']).toBeUndefined();
  });
});
