import { aBoxedSecret, aCredential, anAccount, anEvent, aSigningKey, aSigningKeyEvent } from '@claviger/testing';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  DatabaseUnusable,
  openDatabase,
  readDatabaseStatus,
  type Database,
  type DatabaseOptions,
} from '../src/index.js';
import type { Engine } from '../src/engine.js';
import { Jobs1795651200000 } from '../src/migrations/1795651200000-jobs.js';
import { MIGRATIONS } from '../src/migrations/index.js';
import { openPostgres } from '../src/postgres-engine.js';
import { openSqlite } from '../src/sqlite-engine.js';
import { POSTGRES, SQLITE } from './engine-options.js';

/** What opening a database keeps, on both. `change` runs a statement on the database past everything of ours. */
export function openingContract(
  freshUrl: () => Promise<string>,
  change: (url: string, statement: string) => Promise<void>,
): void {
  describe('opening a database', () => {
    const opened: Database[] = [];
    afterEach(async () => {
      for (const database of opened.splice(0)) await database.close();
    });

    const openEngine = (url: string): Promise<Engine> =>
      url.startsWith('sqlite:') ? openSqlite(url.slice('sqlite:'.length), SQLITE) : openPostgres(url, POSTGRES);

    const open = async (url: string, told: Partial<DatabaseOptions> = {}): Promise<Database> => {
      const database = await openDatabase({ url, migrate: 'auto', startTimeout: 0, ...told });
      opened.push(database);
      return database;
    };

    test('makes the tables of a new database, and finds them there the next time', async () => {
      const url = await freshUrl();
      const first = await open(url);
      expect(first.migrated).not.toEqual([]);
      await first.ping();
      expect((await open(url)).migrated).toEqual([]);
      expect(await readDatabaseStatus({ url, startTimeout: 0 })).toEqual({
        applied: first.migrated,
        pending: [],
        unknown: [],
      });
    });

    test('refuses a new database when it may not migrate, and names the command that does', async () => {
      const url = await freshUrl();
      const refused = open(url, { migrate: 'off' });
      await expect(refused).rejects.toThrow(DatabaseUnusable);
      await expect(refused).rejects.toThrow(/is not up to date .*claviger database migrate/);
      expect(await readDatabaseStatus({ url, startTimeout: 0 })).toMatchObject({ applied: [] });
      await open(url);
      expect((await open(url, { migrate: 'off' })).migrated).toEqual([]);
    });

    test('refuses a database that a newer program has changed, but serves on when that happens meanwhile', async () => {
      const url = await freshUrl();
      const serving = await open(url);
      await change(url, `INSERT INTO migrations (timestamp, name) VALUES (9999999999999, 'Later9999999999999')`);
      for (const migrate of ['auto', 'off'] as const) {
        const refused = open(url, { migrate });
        await expect(refused).rejects.toThrow(DatabaseUnusable);
        await expect(refused).rejects.toThrow(/newer than this program, which does not know Later9999999999999/);
      }
      await serving.ping();
    });

    test('does not call a database there that has lost its tables', async () => {
      const url = await freshUrl();
      const database = await open(url);
      await change(url, 'DROP TABLE migrations');
      await expect(database.ping()).rejects.toMatchObject({ code: 'database_unavailable' });
    });

    test('can undo its migrations and run them again', async () => {
      const url = await freshUrl();
      await open(url);
      const migrations = MIGRATIONS.map((Migration) => new Migration());
      const engine = await openEngine(url);
      await engine.migrate(async (_manager, runner) => {
        for (const migration of migrations.toReversed()) await migration.down(runner);
      });
      await engine.migrate(async (_manager, runner) => {
        for (const migration of migrations) await migration.up(runner);
      });
      await engine.close();
      expect(await (await open(url)).accounts.count({})).toBe(0);
    });

    test('keeps the records of the version before, and tells nobody of them but of those it still writes', async () => {
      const url = await freshUrl();
      await open(url);
      const later = MIGRATIONS.slice(MIGRATIONS.indexOf(Jobs1795651200000)).map((Migration) => new Migration());
      const engine = await openEngine(url);
      await engine.migrate(async (_manager, runner) => {
        for (const migration of later.toReversed()) await migration.down(runner);
      });
      await engine.close();
      const insert = (kind: string, id: string, details: object) =>
        change(
          url,
          `INSERT INTO audit (at, name, by_kind, by_user, subject_kind, subject_id, details)
           VALUES (5, '${kind}.made', 'user', 'root', '${kind}', '${id}', '${JSON.stringify(details)}')`,
        );
      await insert('account', 'id-1', { appId: 'billing', accessKey: 'AK', text: "O''Brien \\u0000" });
      await insert('token', 'id-2', { userId: 'alice', name: 'laptop' });
      await insert('user', 'bob', {});
      for (const { name } of later) await change(url, `DELETE FROM migrations WHERE name = '${name}'`);

      const database = await open(url);
      expect(database.migrated).toEqual(later.map(({ name }) => name));
      // As a process does that still runs with the version before.
      await insert('account', 'id-4', { appId: 'crm' });
      const records = await database.audit.list({}, { limit: 9, after: null });
      expect(records.map(({ subject }) => [subject.id, subject.name])).toEqual([
        ['id-4', 'id-4'],
        ['bob', 'bob'],
        ['id-2', 'alice'],
        ['id-1', 'billing'],
      ]);
      expect(records.at(-1)).toMatchObject({
        by: { kind: 'user', userId: 'root', appId: null, address: null, traceId: null },
        changes: { before: null, after: null },
        details: { accessKey: 'AK' },
        seal: null,
      });
      expect(await database.audit.unsealed(9)).toEqual(records.toReversed());
      const told = await database.unitOfWork.run(({ audit }) => audit.takeUnpublished(9));
      expect(told.map(({ subject }) => subject.id)).toEqual(['id-4']);
    });

    test('agrees on what the installation knows of itself, whoever comes first', async () => {
      const url = await freshUrl();
      const [one, other] = [await open(url), await open(url)];
      const heard = await Promise.all([
        ...['a', 'b', 'c'].map((value) => one.installation.claim('fingerprint', value)),
        ...['d', 'e', 'f'].map((value) => other.installation.claim('fingerprint', value)),
      ]);
      expect(new Set(heard).size).toBe(1);
      expect(await one.installation.claim('another', 'x')).toBe('x');
      await other.installation.replace('fingerprint', 'new');
      expect(await one.installation.claim('fingerprint', 'late')).toBe('new');
      await one.installation.replace('third', 'made');
      expect(await other.installation.claim('third', 'late')).toBe('made');
    });

    test('names the peppers that a stored secret still needs', async () => {
      const database = await open(await freshUrl());
      expect(await database.pepperIdsInUse()).toEqual([]);
      const sealedBy = (pepperId: string) => aCredential({ sealedSecret: { pepperId, mac: 'mac' } });
      const account = anAccount({ credentials: [sealedBy('newer'), sealedBy('older'), sealedBy('newer')] });
      const other = anAccount({ credentials: [sealedBy('newer')] });
      await database.unitOfWork.run(async ({ accounts }) => {
        await accounts.add(account, anEvent('account.opened'));
        await accounts.add(other, anEvent('account.opened'));
      });
      expect(await database.pepperIdsInUse()).toEqual(['newer', 'older']);
      await database.unitOfWork.run(({ accounts }) => accounts.remove(account, anEvent('account.deleted')));
      expect(await database.pepperIdsInUse()).toEqual(['newer']);
      const key = aSigningKey({ privateKey: { ...aBoxedSecret(), keyId: 'of a key' } });
      await database.unitOfWork.run(({ signingKeys }) => signingKeys.add(key, aSigningKeyEvent()));
      expect(await database.pepperIdsInUse()).toEqual(['newer', 'of a key']);
      await database.unitOfWork.run(({ signingKeys }) => signingKeys.remove(key, aSigningKeyEvent()));
      expect(await database.pepperIdsInUse()).toEqual(['newer']);
    });
  });
}
