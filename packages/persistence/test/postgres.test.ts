import { databaseContract } from '@claviger/testing/contracts';
import { startPostgres, type TestServer } from '@claviger/testing/postgres';
import { setTimeout as delay } from 'node:timers/promises';
import {
  anAccount,
  anEvent,
  aToken,
  aTokenEvent,
  aUser,
  aUserEvent,
  NEW_YEAR,
  tcpProxy,
  type TcpProxy,
} from '@claviger/testing';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { DatabaseUnusable, openDatabase, type Database } from '../src/index.js';
import { openPostgres } from '../src/postgres-engine.js';
import { POSTGRES } from './engine-options.js';
import { EMPTY_ALL } from './empty-database.js';
import { keptReadsContract } from './kept-reads-contract.js';
import { openingContract } from './opening-contract.js';
import { queryPlansOn } from './query-plans.js';
import { racesOn } from './races.js';

async function past(url: string, statement: string): Promise<void> {
  const other = new Client({ connectionString: url });
  await other.connect();
  await other.query(statement);
  await other.end();
}

describe('the database on PostgreSQL', () => {
  let server: TestServer;
  let database: Database;
  let aside: Client;

  beforeAll(async () => {
    server = await startPostgres();
    const { url } = await server.freshDatabase();
    database = await open(url);
    aside = new Client({ connectionString: url });
    await aside.connect();
  });

  afterAll(async () => {
    await aside.end();
    await database.close();
    await server.stop();
  });

  const open = (url: string, startTimeout = 0) => openDatabase({ url, migrate: 'auto', startTimeout, keeping: true });

  const emptied = async () => {
    await aside.query(`${EMPTY_ALL} DELETE FROM graphile_worker._private_jobs;`);
    return database;
  };

  databaseContract(emptied, ({ jobs }) => jobs.lag());

  openingContract(
    async () => (await server.freshDatabase()).url,
    (url, statement) => past(url, statement),
  );

  keptReadsContract(
    async () => (await server.freshDatabase()).url,
    (url, statement) => past(url, statement),
  );

  racesOn(async () => (await server.freshDatabase()).url, 10);

  queryPlansOn(
    'postgres',
    async () => (await server.freshDatabase()).url,
    (url) => openPostgres(url, POSTGRES),
  );

  test('changes that nobody was told of are found by looking', async () => {
    const { url } = await server.freshDatabase();
    const kept = await open(url);
    const user = aUser();
    await kept.unitOfWork.run(({ users }) => users.add(user, aUserEvent('user.registered')));
    const lockedBy = async () => (await kept.users.find(user.userId))?.locked;
    while ((await kept.users.find(user.userId)) !== (await kept.users.find(user.userId))) await delay(5);
    // As when the telling is lost: no trigger tells, but the change is counted.
    await past(
      url,
      `SET session_replication_role = replica; UPDATE users SET locked = TRUE;
       INSERT INTO change_counts VALUES (pg_backend_pid(), 1)`,
    );
    const began = performance.now();
    while (!(await lockedBy())) await delay(5);
    expect(performance.now() - began).toBeLessThan(1_000);
    await kept.close();
  });

  test('noting last uses and adding what was not there tells nobody of a change', async () => {
    const { url } = await server.freshDatabase();
    const fresh = await open(url);
    const [user, token] = [aUser({ userId: 'alice' }), aToken({ userId: 'alice' })];
    await fresh.unitOfWork.run(async ({ users, tokens }) => {
      await users.add(user, aUserEvent('user.registered'));
      await tokens.add(token, aTokenEvent('token.issued'));
      await tokens.noteUses(new Map([[token.id, NEW_YEAR]]));
    });
    const counted = new Client({ connectionString: url });
    await counted.connect();
    const changes = async () => (await counted.query('SELECT SUM(changes)::int AS sum FROM change_counts')).rows[0].sum;
    expect(await changes()).toBeNull();
    await fresh.unitOfWork.run(({ tokens }) => tokens.remove(token, aTokenEvent('token.revoked')));
    expect(await changes()).toBe(1);
    await counted.end();
    await fresh.close();
  });

  describe('the server', () => {
    let proxy: TcpProxy;
    let url: string;

    beforeAll(async () => {
      const through = new URL((await server.freshDatabase()).url);
      proxy = await tcpProxy({ host: through.hostname, port: Number(through.port) });
      through.host = `127.0.0.1:${proxy.port}`;
      url = through.href;
    });

    afterAll(() => proxy.cut());

    test('is waited for while it is away at the start', async () => {
      await proxy.cut();
      const opening = open(url, 10_000);
      await proxy.listen();
      await (await opening).close();
    });

    test('that goes away is soon asked in vain: what was kept is believed for less than a second', async () => {
      const fresh = await open(url);
      const user = aUser();
      await fresh.unitOfWork.run(({ users }) => users.add(user, aUserEvent('user.registered')));
      while ((await fresh.users.find(user.userId)) !== (await fresh.users.find(user.userId))) await delay(5);
      await proxy.cut();
      const began = performance.now();
      const refused = async () => Promise.resolve(fresh.users.find(user.userId)).then(() => null, String);
      while ((await refused()) === null) await delay(10);
      expect(await refused()).toContain('database_unavailable');
      expect(performance.now() - began).toBeLessThan(1_000);
      await proxy.listen();
      while ((await refused()) !== null) await delay(10);
      await fresh.close();
    });

    test('that stays away ends the start, with one line that says where and why and no password', async () => {
      await proxy.cut();
      const opening = open(url, 200);
      await expect(opening).rejects.toThrow(DatabaseUnusable);
      const place = `127.0.0.1:${proxy.port}${new URL(url).pathname}`;
      await expect(opening).rejects.toThrow(`The database ${place} cannot be used: it did not answer (ECONNREFUSED).`);
      await proxy.listen();
    });

    test('that refuses the password or has no such database ends the start at once', async () => {
      const wrong = new URL(url);
      wrong.password = 'mistaken';
      await expect(open(wrong.href, 60_000)).rejects.toThrow(/the server refuses the user or the password\.$/);
      const missing = new URL(url);
      missing.pathname = '/nowhere';
      await expect(open(missing.href, 60_000)).rejects.toThrow(
        /nowhere cannot be used: the server has no such database\.$/,
      );
    });

    test('on which the user may make tables but no schemas ends the start, and nothing is left behind', async () => {
      const fresh = await server.freshDatabase();
      const limited = new URL(fresh.url);
      [limited.username, limited.password] = ['limited_' + limited.pathname.slice(-16), 'limited'];
      const root = new Client({ connectionString: fresh.url });
      await root.connect();
      await root.query(`CREATE ROLE ${limited.username} LOGIN PASSWORD 'limited'`);
      await root.query(`GRANT ALL ON SCHEMA public TO ${limited.username}`);
      await expect(open(limited.href, 60_000)).rejects.toThrow(
        /cannot be used: the user lacks the right to make tables/,
      );
      const { rows } = await root.query("SELECT 1 FROM information_schema.tables WHERE table_schema = 'public'");
      expect(rows).toEqual([]);
      await root.query(`DROP OWNED BY ${limited.username}; DROP ROLE ${limited.username}`);
      await root.end();
    });

    test('that goes away makes reads and writes unavailable, and both work when it is back', async () => {
      const through = await open(url);
      const account = anAccount();
      const add = () => through.unitOfWork.run(({ accounts }) => accounts.add(account, anEvent('account.opened')));
      await through.ping();
      await proxy.cut();
      await expect(add()).rejects.toMatchObject({ code: 'database_unavailable' });
      await expect(through.accounts.find(account.appId)).rejects.toMatchObject({ code: 'database_unavailable' });
      await expect(through.ping()).rejects.toMatchObject({ code: 'database_unavailable' });
      await proxy.listen();
      await add();
      expect(await through.accounts.find(account.appId)).toEqual(account);
      await through.close();
    });

    test('that goes away in the middle of a unit of work keeps nothing of it', async () => {
      const through = await open(url);
      const account = anAccount();
      const cutOff = through.unitOfWork.run(async ({ accounts }) => {
        await accounts.add(account, anEvent('account.opened'));
        await proxy.cut();
      });
      await expect(cutOff).rejects.toMatchObject({ code: 'database_unavailable' });
      await proxy.listen();
      expect(await through.accounts.find(account.appId)).toBeNull();
      await through.close();
    });

    test('acknowledges no unit of work that went on after a statement had failed', async () => {
      const [taken, other] = [anAccount({ appId: 'taken' }), anAccount()];
      await database.unitOfWork.run(({ accounts }) => accounts.add(taken, anEvent('account.opened')));
      const stubborn = database.unitOfWork.run(async ({ accounts }) => {
        await accounts.add(anAccount({ appId: 'TAKEN' }), anEvent('account.opened')).catch(() => undefined);
      });
      await expect(stubborn).rejects.toThrow('The unit of work went on after a statement had failed.');
      expect(await database.accounts.find(other.appId)).toBeNull();
    });

    test('makes two units of work that wait for each other stale instead of letting them wait', async () => {
      const [one, other] = [anAccount(), anAccount()];
      await database.unitOfWork.run(async ({ accounts }) => {
        for (const account of [one, other]) await accounts.add(account, anEvent('account.opened'));
      });
      let arrived = 0;
      let go: () => void = () => undefined;
      const both = new Promise<void>((resolve) => (go = resolve));
      const lock = (first: typeof one, second: typeof one) =>
        database.unitOfWork.run(async ({ accounts }) => {
          await accounts.find(first.appId);
          if (++arrived === 2) go();
          await both;
          await accounts.find(second.appId);
        });
      const outcomes = await Promise.allSettled([lock(one, other), lock(other, one)]);
      const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      expect(reasons).toEqual([expect.objectContaining({ code: 'write_was_stale' })]);
    });
  });
});
