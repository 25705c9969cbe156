import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountFilter, AccountId, AuditFilter, AppId, UserId } from '@claviger/domain';
import { selectAccounts } from '../src/account-rows.js';
import { auditList } from '../src/audit-list.js';
import type { Engine, Row } from '../src/engine.js';
import { openDatabase } from '../src/index.js';
import { rowsOf } from '../src/statement.js';
import { CHAIN, UNSEALED, BACKLOG } from '../src/typeorm-audit-reader.js';
import { LAST_SEAL, TAKE_UNPUBLISHED } from '../src/typeorm-audit-trail.js';
import { NEXT_DUE, oldestDeliveries, REMOVE_SETTLED } from '../src/typeorm-delivery-store.js';
import { looksAtEach, TypeOrmAccountReader, wantedPage } from '../src/typeorm-account-reader.js';
import { DUE, newestDeliveries } from '../src/typeorm-webhook-reader.js';

/** Statements that are asked often or of large tables, and the index that each must walk. */
export function queryPlansOn(
  kind: 'postgres' | 'sqlite',
  freshUrl: () => Promise<string>,
  openEngine: (url: string) => Promise<Engine>,
): void {
  describe('among many rows', () => {
    let engine: Engine;

    beforeAll(async () => {
      const url = await freshUrl();
      await (await openDatabase({ url, migrate: 'auto', startTimeout: 0 })).close();
      engine = await openEngine(url);
      await engine.write(async (manager) => {
        for (const statement of FILL) await rowsOf(manager, statement.replace('NUMBERS', NUMBERS[kind]));
        // SQLite is never told how many rows there are.
        if (kind === 'postgres') await rowsOf(manager, 'ANALYZE');
      });
    });

    afterAll(() => engine.close());

    const planOf = async (statement: string, values: readonly unknown[]): Promise<string> => {
      const explain = kind === 'postgres' ? 'EXPLAIN (COSTS OFF)' : 'EXPLAIN QUERY PLAN';
      const rows = await engine.write(async (manager) => {
        // Few rows it would rather gather and sort.
        if (kind === 'postgres') await rowsOf(manager, 'SET LOCAL enable_bitmapscan = off');
        // TypeORM's builder has made it as the driver takes it.
        if (statement.includes('?')) return manager.query<Row[]>(`${explain} ${statement}`, [...values]);
        return rowsOf(manager, `${explain} ${statement}`, values);
      });
      return rows.map((row) => String(row['QUERY PLAN'] ?? row['detail'])).join('\n');
    };
    const sorts = kind === 'postgres' ? /Sort/ : /TEMP B-TREE/;
    const readsAll = kind === 'postgres' ? /Seq Scan/ : /SCAN (audit|deliveries)(?! USING)/;

    const filters: [AuditFilter, readonly string[]][] = [
      [{}, [kind === 'postgres' ? 'audit_pkey' : '(SCAN audit|INTEGER PRIMARY KEY)']],
      [{ byUser: 'user-7' }, ['audit_by_user']],
      [{ byApp: 'app-7' }, ['audit_by_app']],
      [{ traceId: 'trace-7' }, ['audit_by_trace']],
      [{ name: 'account.kind-7' }, ['audit_by_name']],
      [{ name: 'family-7' }, ['audit_by_family']],
      [{ subject: 'subject-7' }, ['audit_by_subject', 'audit_by_subject_name']],
      [{ since: 5, until: 19_000 }, [kind === 'postgres' ? 'audit_pkey' : '(SCAN audit|INTEGER PRIMARY KEY)']],
      [{ byUser: 'user-7', since: 5, until: 9_000 }, ['audit_by_user']],
    ];
    test.each(filters)('a page of records of %j is walked in the order of an index', async (filter, indexes) => {
      for (const after of [null, 10_000]) {
        const { statement, values } = auditList(filter, { limit: 20, after }, kind);
        const plan = await planOf(statement, values);
        for (const index of indexes) expect(plan).toMatch(new RegExp(`${index}(\\s|$)`, 'm'));
        // The two parts of a subject are put together, a page of each.
        if (filter.subject === undefined) expect(plan).not.toMatch(sorts);
      }
    });

    const inOrder = kind === 'postgres' ? 'accounts_pkey' : 'sqlite_autoindex_accounts_1';
    const lists: [AccountFilter, string][] = [
      [{}, inOrder],
      [{ owner: 'user-7' as UserId }, 'accounts_by_owner'],
      [{ locked: true }, 'accounts_by_locked'],
      [{ locked: false }, kind === 'postgres' ? '(accounts_by_locked|accounts_pkey)' : 'accounts_by_locked'],
      [{ grantType: 'PLATFORM' }, '(accounts_with_platform|accounts_pkey)'],
      [{ scope: 'NODE' }, 'accounts_with_node'],
      [{ owner: 'user-7' as UserId, locked: false }, 'accounts_by_owner'],
      [{ expiring: { after: 5, until: 500 } }, 'credentials_by_expiry'],
      [{ retiringWhenIdle: 5 }, 'credentials_retiring_when_idle'],
      [
        { authorizedBy: 'user-7' as UserId },
        kind === 'postgres' ? 'authorizations_pkey' : 'sqlite_autoindex_authorizations_1',
      ],
      [{ unusedSince: 5_000 }, 'credentials_by_account'],
      [{ neverUsed: false }, inOrder],
      [{ q: 'app-19999' }, inOrder],
    ];
    test.each(lists)('a page of accounts of %j is found through an index', async (filter, index) => {
      for (const after of [null, idOf(10_000)]) {
        const page = { limit: 20, after, until: looksAtEach(filter) ? idOf(after ? 12_000 : 2_000) : null };
        const [wanted, values] = await engine.read(async (manager) =>
          wantedPage(manager, filter, page).getQueryAndParameters(),
        );
        expect(await planOf(wanted, values)).toMatch(new RegExp(`${index}(\\s|$)`, 'm'));
        const plan = await planOf(selectAccounts(`a.id IN (${wanted})`), values);
        expect(plan).toMatch(new RegExp(`${inOrder}(\\s|$)`, 'm'));
        expect(plan).toMatch(/credentials_by_account(\s|$)/m);
      }
    });

    test('accounts that only a look at each can find are found in every stretch, in order, and counted', async () => {
      const reader = new TypeOrmAccountReader(engine);
      const found = await reader.list({ q: 'app-1777' }, { limit: 5, after: null });
      expect(found.map(({ appId }) => appId)).toEqual(['app-1777', 17770, 17771, 17772, 17773].map(named));
      const next = await reader.list({ q: 'app-1777' }, { limit: 5, after: found.at(-1)?.id ?? null });
      expect(next.map(({ appId }) => appId)).toEqual([17774, 17775, 17776, 17777, 17778].map(named));
      expect(await reader.count({ q: 'app-1777' })).toBe(11);
      expect(await reader.count({ neverUsed: true })).toBe(20_000);
      expect(await reader.count({})).toBe(20_000);
      expect(await reader.count({ scope: 'NODE' })).toBe(200);
      expect(await reader.list({ q: 'app-1777' }, { limit: 5, after: idOf(17_779) })).toEqual([]);
    });

    test('whoever lists all accounts leaves others their turn at every page', async () => {
      const reader = new TypeOrmAccountReader(engine);
      let turns = 0;
      const listing = new AbortController();
      const others = (async () => {
        for (; !listing.signal.aborted; turns++) await nextTurn();
      })();
      let after: AccountId | null = null;
      for (let page = 0; page < 20; page++) after = (await reader.list({}, { limit: 100, after })).at(-1)?.id ?? null;
      listing.abort();
      await others;
      expect(after).toBe(idOf(2_000));
      expect(turns).toBeGreaterThanOrEqual(20);
    });

    const statements: [string, string, readonly unknown[], string][] = [
      ['what nobody was told of', TAKE_UNPUBLISHED[kind], [50], 'audit_unpublished'],
      ['what is not sealed', UNSEALED, [50], 'audit_unsealed'],
      ['a part of the chain', CHAIN, [10_000, 50], 'audit_seal_number_key'],
      ['the end of the chain', LAST_SEAL, [], 'audit_seal_number_key'],
      ['how much there is to do', BACKLOG, [], 'audit_unpublished'],
      ['how much there is to seal', BACKLOG, [], 'audit_unsealed'],
      ['what is due for a webhook', DUE, ['webhook-7', 5_000, 50], 'deliveries_waiting'],
      ['when something is due', NEXT_DUE, ['webhook-7'], 'deliveries_waiting'],
      ['dead deliveries', newestDeliveries('dead'), ['webhook-7', 20_000, 50], 'deliveries_dead'],
      ['dead deliveries to be replayed', oldestDeliveries('dead'), ['webhook-7', 50], 'deliveries_dead'],
      ['what may be forgotten', REMOVE_SETTLED, [50, 10], 'deliveries_settled'],
      [
        'all deliveries of a webhook',
        newestDeliveries(undefined),
        ['webhook-7', 20_000, 50],
        kind === 'postgres' ? 'deliveries_pkey' : 'sqlite_autoindex_deliveries_1',
      ],
    ];
    test.each(statements)('%s is found through an index', async (_, statement, values, index) => {
      const plan = await planOf(statement, values);
      expect(plan).toMatch(new RegExp(`${index}(\\s|$)`, 'm'));
      expect(plan).not.toMatch(sorts);
      expect(plan).not.toMatch(readsAll);
    });
  });
}

const idOf = (number: number) => `account-${String(number).padStart(5, '0')}` as AccountId;
const named = (number: number | string) => (typeof number === 'number' ? `app-${number}` : number) as AppId;

const NUMBERS = {
  postgres: 'generate_series(1, 20000) AS numbers(n)',
  sqlite: '(WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 20000) SELECT n FROM up)',
} as const;

const [ID, NAME] = ["'account-' || substr(CAST(100000 + n AS text), 2)", "'app-' || n"];

// Nearly all records are told of and sealed, nearly all deliveries are over.
const FILL = [
  `INSERT INTO accounts (id, app_id, app_id_key, owner, locked, grant_types, scope, created_at, last_modified_at, version)
   SELECT ${ID}, ${NAME}, ${NAME}, 'user-' || n % 200, n % 100 = 0, 'PLATFORM', CASE WHEN n % 100 = 0 THEN 'NODE' ELSE '' END,
     n, n, 1
   FROM NUMBERS`,
  `INSERT INTO credentials (access_key, account_id, position, secret_mac, secret_pepper, secret_hint, grant_type, status,
     created_at, expires_at, superseded_retire)
   SELECT 'key-' || n, ${ID}, 0, '', '', '', 'PLATFORM', 'ENABLE', n, CASE WHEN n % 20 = 0 THEN n END,
     CASE WHEN n % 500 = 0 THEN 'after-idle' END
   FROM NUMBERS`,
  `INSERT INTO authorizations (user_id, account_id, scope, granted_at)
   SELECT 'user-' || n % 500, ${ID}, '', n FROM NUMBERS WHERE n <= 5000`,
  `INSERT INTO audit (at, name, by_kind, by_user, by_app, by_trace, subject_kind, subject_id, subject_name, details,
     published, seal_number, seal_hash)
   SELECT n, CASE WHEN n % 100 = 0 THEN 'family-' || n / 1000 || '.made' ELSE 'account.kind-' || n % 90 END, 'user',
     'user-' || n % 100, 'app-' || n % 100, 'trace-' || n, 'account', 'subject-' || n % 200, 'subject-' || n % 150, '{}',
     n < 19900, CASE WHEN n < 19900 THEN n END, CASE WHEN n < 19900 THEN 'hash' END
   FROM NUMBERS`,
  `INSERT INTO webhooks (id, url, events, enabled, secret_key, secret_box, secret_fingerprint, failures, created_at,
     last_modified_at, version)
   SELECT 'webhook-' || n, '', '', TRUE, '', '', '', 0, 0, 0, 1 FROM NUMBERS WHERE n <= 100`,
  `INSERT INTO deliveries (webhook_id, event, name, body, status, since, attempts, next_at)
   SELECT 'webhook-' || (n % 100 + 1), n, '', '',
     CASE WHEN n / 100 % 20 = 0 THEN 'waiting' WHEN n / 100 % 20 = 1 THEN 'dead' ELSE 'delivered' END, n, 0, n
   FROM NUMBERS`,
];
