import { beforeEach, describe, expect, test } from '@jest/globals';
import { chainedText, type AuditFilter, type AuditRecord, type DraftRecord, type Seal } from '@claviger/domain';
import { anEvent, aRecord } from '../builders.js';
import { NEW_YEAR, plainDigest } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { given, recordsIn, type OpenEmpty } from './open-empty.js';

/** What every reader of the audit trail keeps. */
export function auditReaderContract(open: OpenEmpty): void {
  describe('a reader of the audit trail', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const add = (...records: DraftRecord[]) =>
      database.unitOfWork.run(async ({ audit }) => {
        for (const record of records) await audit.add(record);
      });
    const atTimes = (...times: number[]) => add(...times.map((at) => aRecord({ at })));
    const seal = (seals: ReadonlyMap<number, Seal>) => database.unitOfWork.run(({ audit }) => audit.seal(seals));
    const timesOf = (records: readonly AuditRecord[]) => records.map(({ at }) => at);
    const found = async (filter: AuditFilter) =>
      timesOf(await database.audit.list(filter, { limit: 100, after: null }));

    test('sees nothing of an open unit of work, and all of it once it is committed', async () => {
      await database.unitOfWork.run(async ({ audit }) => {
        await audit.add(aRecord());
        expect(await recordsIn(database)).toEqual([]);
        expect((await database.audit.backlog()).unpublished.count).toBe(0);
      });
      expect(await recordsIn(database)).toHaveLength(1);
    });

    test('lists the newest first, page by page, in the order of writing', async () => {
      await atTimes(5, 1, 4, 2, 3);
      const seen: AuditRecord[] = [];
      for (const length of [2, 2, 1, 0]) {
        const page = await database.audit.list({}, { limit: 2, after: seen.at(-1)?.id ?? null });
        expect(page).toHaveLength(length);
        seen.push(...page);
      }
      expect(timesOf(seen)).toEqual([3, 2, 4, 1, 5]);
    });

    test('narrows the list by each part of the filter, alone and together', async () => {
      const by = (told: Partial<DraftRecord['by']>) => ({ ...aRecord().by, userId: null, appId: null, ...told });
      const [alice, bob] = [by({ userId: 'alice' as never }), by({ userId: 'bob' as never, appId: 'ci' as never })];
      const app = (name: string) => ({ kind: 'account', id: `id-of-${name}`, name }) as const;
      await add(
        aRecord({ at: 1, name: 'account.opened', by: alice, subject: app('billing') }),
        aRecord({ at: 2, name: 'account.locked', by: bob, subject: app('billing') }),
        aRecord({ at: 3, name: 'credential.issued', by: bob, subject: app('crm') }),
        aRecord({
          at: 4,
          name: 'user.locked',
          by: by({ address: '::1' }),
          subject: { kind: 'user', id: 'bob', name: 'bob' },
        }),
        aRecord({ at: 5, name: 'account.amended', by: by({ traceId: 'abc' }), subject: app('crm') }),
      );
      const cases: [object, number[]][] = [
        [{}, [5, 4, 3, 2, 1]],
        [{ name: 'account' }, [5, 2, 1]],
        [{ name: 'account.locked' }, [2]],
        [{ name: 'acc' }, []],
        [{ name: 'locked' }, []],
        [{ name: '' }, []],
        [{ name: '.' }, []],
        [{ byUser: 'bob' }, [3, 2]],
        [{ byUser: 'Bob' }, []],
        [{ byApp: 'ci' }, [3, 2]],
        [{ subject: 'billing' }, [2, 1]],
        [{ subject: 'id-of-crm' }, [5, 3]],
        [{ subject: 'bob' }, [4]],
        [{ address: '::1' }, [4]],
        [{ traceId: 'abc' }, [5]],
        [{ since: 2 }, [5, 4, 3, 2]],
        [{ until: 2 }, [1]],
        [{ since: 2, until: 4 }, [3, 2]],
        [{ name: 'account', subject: 'billing', byUser: 'bob', since: 1, until: 9 }, [2]],
        [{ name: 'credential', subject: 'billing' }, []],
        ...['nul \0 in it', "'; --", '\ud800', 'x'.repeat(10_000)].flatMap((text): [object, number[]][] =>
          ['name', 'byUser', 'byApp', 'subject', 'address', 'traceId'].map((part) => [{ [part]: text }, []]),
        ),
      ];
      for (const [filter, expected] of cases) expect([filter, await found(filter)]).toEqual([filter, expected]);
    });

    test('pages through a filtered list, each record once, be it found by the id or the name of its subject', async () => {
      for (let i = 1; i <= 6; i++) {
        const subject = i % 2 ? { id: 'crm', name: `name-${i}` } : { id: `id-${i}`, name: 'crm' };
        await add(aRecord({ at: i, subject: { kind: 'account', ...subject } }), aRecord({ at: 100 + i }));
      }
      await add(aRecord({ at: 7, subject: { kind: 'user', id: 'crm', name: 'crm' } }));
      const seen: AuditRecord[] = [];
      for (const length of [3, 3, 1, 0]) {
        const page = await database.audit.list({ subject: 'crm' }, { limit: 3, after: seen.at(-1)?.id ?? null });
        expect(page).toHaveLength(length);
        seen.push(...page);
      }
      expect(timesOf(seen)).toEqual([7, 6, 5, 4, 3, 2, 1]);
    });

    test('reads sealed records in the order of the chain, and the others in the order of writing', async () => {
      await atTimes(1, 2, 3, 4, 5);
      expect(timesOf(await database.audit.unsealed(3))).toEqual([1, 2, 3]);
      const [one, two, three, four] = await database.audit.unsealed(4);
      if (!one || !two || !three || !four) throw new Error('There are records.');
      await seal(
        new Map([
          [one.id, { number: 2, hash: 'b' }],
          [four.id, { number: 1, hash: 'a' }],
          [two.id, { number: 3, hash: 'c' }],
        ]),
      );
      expect(timesOf(await database.audit.unsealed(3))).toEqual([3, 5]);
      expect(timesOf(await database.audit.chain({ limit: 2, after: null }))).toEqual([4, 1]);
      expect(timesOf(await database.audit.chain({ limit: 2, after: 2 }))).toEqual([2]);
      expect(await database.audit.chain({ limit: 2, after: 3 })).toEqual([]);
    });

    test('reads of a sealed record what its hash was made of', async () => {
      const changes = { before: { b: 1, a: [{ '2': 'two', '1': 'one' }] }, after: { a: '\ud800\0 行政' } };
      await given(database);
      await add(aRecord({ changes, details: { z: null, y: -0.5, x: { '10': 1, '9': 2 } } }));
      const unsealed = await database.audit.unsealed(10);
      const hashes = unsealed.map((record, i) => plainDigest.sha256(chainedText('before', i + 1, record)));
      await seal(new Map(unsealed.map(({ id }, i) => [id, { number: i + 1, hash: hashes[i] ?? '' }])));
      for (const { seal: kept, ...record } of await database.audit.chain({ limit: 10, after: null }))
        expect(kept?.hash).toBe(plainDigest.sha256(chainedText('before', kept?.number ?? 0, record)));
    });

    test('tells how many records wait to be told of and to be sealed, and since when', async () => {
      const none = { count: 0, oldest: null };
      expect(await database.audit.backlog()).toEqual({ unpublished: none, unsealed: none });
      await add(aRecord({ at: NEW_YEAR + 2 }), aRecord({ at: NEW_YEAR + 1 }), aRecord({ at: NEW_YEAR + 3 }));
      const three = { count: 3, oldest: NEW_YEAR + 1 };
      expect(await database.audit.backlog()).toEqual({ unpublished: three, unsealed: three });
      await database.unitOfWork.run(({ audit }) => audit.takeUnpublished(2));
      const [first] = await database.audit.unsealed(1);
      await seal(new Map([[first?.id ?? 0, { number: 1, hash: 'a' }]]));
      expect(await database.audit.backlog()).toEqual({
        unpublished: { count: 1, oldest: NEW_YEAR + 3 },
        unsealed: { count: 2, oldest: NEW_YEAR + 1 },
      });
    });

    test('still knows what was done to an account that is gone', async () => {
      const account = await given(database);
      await database.unitOfWork.run(({ accounts }) => accounts.remove(account, anEvent('account.deleted')));
      const records = await database.audit.list({ subject: account.appId }, { limit: 9, after: null });
      expect(records.map(({ name }) => name)).toEqual(['account.deleted', 'account.opened']);
    });
  });
}
