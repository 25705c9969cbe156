import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditFilter } from '@claviger/domain';
import { auditList } from '../src/audit-list.js';
import type { Engine } from '../src/engine.js';
import { openDatabase } from '../src/index.js';
import { rowsOf } from '../src/statement.js';
import { CHAIN, UNSEALED, BACKLOG } from '../src/typeorm-audit-reader.js';
import { LAST_SEAL, TAKE_UNPUBLISHED } from '../src/typeorm-audit-trail.js';
import { NEXT_DUE, oldestDeliveries, REMOVE_SETTLED } from '../src/typeorm-delivery-store.js';
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

const NUMBERS = {
  postgres: 'generate_series(1, 20000) AS numbers(n)',
  sqlite: '(WITH RECURSIVE up(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up WHERE n < 20000) SELECT n FROM up)',
} as const;

// Nearly all records are told of and sealed, nearly all deliveries are over.
const FILL = [
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
