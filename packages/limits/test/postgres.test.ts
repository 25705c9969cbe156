import { openDatabase } from '@claviger/persistence';
import { tcpProxy, type TcpProxy } from '@claviger/testing';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { openLimits, type Limits } from '../src/index.js';
import { eventually } from './eventually.js';
import { fail, HERE, limitsContract, RULE, SECRET } from './limits-contract.js';

describe('limits in PostgreSQL', () => {
  let server: TestServer;
  let url: string;
  let client: Client;
  beforeAll(async () => {
    server = await startPostgres();
    ({ url } = await server.freshDatabase());
    // The tables are made by the migrations of the database.
    await (await openDatabase({ url, migrate: 'auto', startTimeout: 0 })).close();
    client = new Client({ connectionString: url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await server.stop();
  });

  const told: unknown[] = [];
  const open = (through: string): Promise<Limits> => {
    told.length = 0;
    const place = { kind: 'postgres', url: through } as const;
    const onStore = (trouble: unknown) => void told.push(trouble);
    return openLimits({
      place,
      secret: SECRET,
      failures: RULE,
      requests: { perCaller: 1, window: 60_000 },
      onStore,
      lookEvery: 1,
    });
  };
  const alice = { name: 'alice', address: HERE };
  const emptied = () => client.query('TRUNCATE limit_failures, limit_requests');

  limitsContract(async () => {
    await emptied();
    return { kind: 'postgres', url };
  });

  test('the tables show nobody’s name or address', async () => {
    await emptied();
    const limits = await open(url);
    await fail(limits, 1, 'my-password-by-mistake');
    const { rows } = await client.query('SELECT * FROM limit_failures');
    expect(rows).toHaveLength(2);
    expect(JSON.stringify(rows)).not.toContain('my-password');
    expect(JSON.stringify(rows)).not.toContain(HERE);
    await limits.close();
  });

  test('what has expired is removed when the counters are opened, and nothing younger', async () => {
    await emptied();
    await client.query(`INSERT INTO limit_requests VALUES ('old', 1, $1), ('young', 1, $2)`, [
      Date.now() - 1,
      Date.now() + 60_000,
    ]);
    await (await open(url)).close();
    expect((await client.query('SELECT key FROM limit_requests')).rows).toEqual([{ key: 'young' }]);
  });

  describe('a server that goes away', () => {
    let proxy: TcpProxy;
    let through: string;
    beforeAll(async () => {
      const address = new URL(url);
      proxy = await tcpProxy({ host: address.hostname, port: Number(address.port) });
      address.host = `127.0.0.1:${proxy.port}`;
      through = address.href;
    });
    afterAll(() => proxy.cut());

    test('stops nobody: this process counts for itself, and both going and coming back are told once', async () => {
      await emptied();
      const limits = await open(through);
      await proxy.cut();
      await eventually(() => told.length > 0);
      await fail(limits, 2, 'alice');
      expect(limits.failures.waitOf(alice)).toBe(0);
      await fail(limits, 1, 'alice');
      expect(limits.failures.waitOf(alice)).toBeGreaterThan(0);
      expect(await limits.requests?.take('a')).toMatchObject({ granted: true });
      expect(await limits.requests?.take('a')).toMatchObject({ granted: false });
      // Time for many looks.
      for (let i = 0; i < 50; i++) await fail(limits, 1, `user-${i}`);
      expect(told).toEqual([expect.anything()]);
      await proxy.listen();
      await eventually(() => told.length > 1);
      expect(told).toEqual([expect.anything(), null]);
      await fail(limits, 3, 'bob');
      expect((await client.query('SELECT max(points) FROM limit_failures')).rows).toEqual([{ max: 3 }]);
      await limits.close();
    });

    test('before the counters are opened stops nobody either', async () => {
      await proxy.cut();
      const limits = await open(through);
      expect(told).toEqual([expect.anything()]);
      await fail(limits, 3, 'alice');
      expect(limits.failures.waitOf(alice)).toBeGreaterThan(0);
      await limits.close();
      await proxy.listen();
    });
  });
});
