import { beforeEach, describe, expect, test } from '@jest/globals';
import { recordOf, type AuditRecord, type DraftRecord, type Seal, type Stores, type Subject } from '@claviger/domain';
import {
  aDelivery,
  anAccount,
  anAuthorization,
  anAuthorizationEvent,
  anEvent,
  aRecord,
  aSession,
  aSessionEvent,
  aToken,
  aTokenEvent,
  aUser,
  aUserEvent,
  aWebhook,
  aWebhookEvent,
} from '../builders.js';
import { NEW_YEAR } from '../doubles.js';
import type { Database } from '../memory-database.js';
import { given, recordsIn, type OpenEmpty } from './open-empty.js';

/** What every audit trail keeps. */
export function auditTrailContract(open: OpenEmpty): void {
  describe('an audit trail', () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });

    const run = <T>(work: (stores: Stores) => Promise<T>) => database.unitOfWork.run(work);
    const add = (...records: DraftRecord[]) =>
      run(async ({ audit }) => {
        for (const record of records) await audit.add(record);
      });
    const take = (limit: number) => run(({ audit }) => audit.takeUnpublished(limit));
    const lastSeal = () => run(({ audit }) => audit.lastSeal());
    const seal = (seals: ReadonlyMap<number, Seal>) => run(({ audit }) => audit.seal(seals));
    const atTimes = (...times: number[]) => add(...times.map((at) => aRecord({ at })));
    const timesOf = (records: readonly AuditRecord[]) => records.map(({ at }) => at);
    /** Seals everything, the oldest first, from that number on. */
    const sealAll = async (from = 1) => seal(sealsOf(await database.audit.unsealed(1_000), from));

    test('gets one record beside every change, with who did what to whom', async () => {
      const [account, user] = [await given(database), aUser()];
      const { appId, id: accountId } = account;
      const { userId } = user;
      const word = anAuthorization({ userId: 'carol', accountId });
      const [token, session] = [aToken({ userId }), aSession({ userId })];
      const [ours, everybodys] = [aWebhook({ accountId, appId }), aWebhook()];
      const about = (kind: Subject['kind'], id: string, name: string): Subject => ({ kind, id, name });
      const opened = anAccount();
      const changes: [Subject, DraftRecord['name'], (stores: Stores) => Promise<void>][] = [
        [
          about('account', opened.id, opened.appId),
          'account.opened',
          ({ accounts }) => accounts.add(opened, anEvent('account.opened')),
        ],
        [about('account', accountId, appId), 'account.amended', ({ accounts }) => accounts.save(account, anEvent())],
        [
          about('authorization', accountId, 'carol'),
          'authorization.granted',
          ({ authorizations }) => authorizations.put(word, anAuthorizationEvent()),
        ],
        [
          about('authorization', accountId, 'carol'),
          'authorization.revoked',
          ({ authorizations }) => authorizations.remove(word, anAuthorizationEvent('authorization.revoked')),
        ],
        [about('webhook', ours.id, appId), 'webhook.registered', ({ webhooks }) => webhooks.add(ours, aWebhookEvent())],
        [
          about('webhook', everybodys.id, everybodys.id),
          'webhook.registered',
          ({ webhooks }) => webhooks.add(everybodys, aWebhookEvent()),
        ],
        [
          about('webhook', ours.id, appId),
          'webhook.amended',
          ({ webhooks }) => webhooks.save(ours, aWebhookEvent('webhook.amended')),
        ],
        [
          about('webhook', ours.id, appId),
          'webhook.deleted',
          ({ webhooks }) => webhooks.remove({ ...ours, version: 2 }, aWebhookEvent('webhook.deleted')),
        ],
        [
          about('account', accountId, appId),
          'account.deleted',
          ({ accounts }) => accounts.remove({ ...account, version: 2 }, anEvent('account.deleted')),
        ],
        [about('user', userId, userId), 'user.registered', ({ users }) => users.add(user, aUserEvent())],
        [about('user', userId, userId), 'user.locked', ({ users }) => users.save(user, aUserEvent('user.locked'))],
        [about('token', token.id, userId), 'token.issued', ({ tokens }) => tokens.add(token, aTokenEvent())],
        [
          about('token', token.id, userId),
          'token.revoked',
          ({ tokens }) => tokens.remove(token, aTokenEvent('token.revoked')),
        ],
        [
          about('session', session.id, userId),
          'session.opened',
          ({ sessions }) => sessions.add(session, aSessionEvent()),
        ],
        [
          about('session', session.id, userId),
          'session.closed',
          ({ sessions }) => sessions.remove(session, aSessionEvent('session.closed')),
        ],
        [
          about('user', userId, userId),
          'user.deleted',
          ({ users }) => users.remove({ ...user, version: 2 }, aUserEvent('user.deleted')),
        ],
      ];
      let before = (await recordsIn(database)).length;
      for (const [subject, name, change] of changes) {
        await run(change);
        const records = await recordsIn(database);
        expect(records).toHaveLength(++before);
        const written = records.at(-1);
        expect(written).toEqual({ ...recordOf(subject, anEvent()), name, id: written?.id, seal: null });
      }
    });

    test('keeps all that an event says', async () => {
      const full = aRecord({
        name: 'caller.refused',
        at: Date.UTC(2286, 10, 21),
        by: { kind: 'stranger', userId: null, appId: null, address: '2001:db8::1', traceId: 'f'.repeat(32) },
        subject: { kind: 'request', id: `O'Brien "行政 🗝️`, name: '%_\\' },
        changes: { before: { b: [1, 'two', null, { deep: false }], a: null }, after: { b: [], '\0': '\0 \ud800' } },
        details: { z: 1, y: { x: ['\n'] }, error: 'credential_missing', until: 9e15, ratio: 0.1 },
      });
      const bare = aRecord({
        by: { kind: 'worker', userId: null, appId: null, address: null, traceId: null },
        changes: { before: null, after: {} },
        details: {},
      });
      await add(full, bare);
      const [first, second] = await recordsIn(database);
      expect(first).toEqual({ ...full, id: first?.id, seal: null });
      expect(second).toEqual({ ...bare, id: second?.id, seal: null });
      expect(JSON.stringify(first?.details)).toBe(JSON.stringify(full.details));
    });

    test('gets no record of what changed nothing, or was gone already', async () => {
      const webhook = aWebhook();
      await run(({ webhooks }) => webhooks.add(webhook, aWebhookEvent()));
      await run(async ({ accounts, tokens, sessions, webhooks, deliveries }) => {
        await tokens.remove(aToken(), aTokenEvent('token.revoked'));
        await sessions.remove(aSession(), aSessionEvent('session.closed'));
        await sessions.removeAllOf(aUser().userId);
        await accounts.noteUses(new Map());
        await webhooks.noteHealth(webhook.id, { failures: 1, restsUntil: null });
        await deliveries.addAll([aDelivery({ webhookId: webhook.id })]);
      });
      expect(await recordsIn(database)).toHaveLength(1);
    });

    test('gets no record of a change that failed, nor of one whose unit of work failed', async () => {
      const account = await given(database);
      const before = await recordsIn(database);
      const stale = run(({ accounts }) => accounts.save({ ...account, version: 9 }, anEvent()));
      await expect(stale).rejects.toMatchObject({ code: 'write_was_stale' });
      const late = run(async ({ accounts, audit }) => {
        await accounts.save(account, anEvent());
        await audit.add(aRecord());
        throw new Error('late');
      });
      await expect(late).rejects.toThrow('late');
      expect(await recordsIn(database)).toEqual(before);
    });

    test('tells of each record once, the oldest first, at most that many at a time', async () => {
      await atTimes(4, 1, 3, 2);
      expect(timesOf(await take(3))).toEqual([4, 1, 3]);
      await atTimes(5);
      expect(timesOf(await take(3))).toEqual([2, 5]);
      expect(await take(3)).toEqual([]);
      expect(timesOf(await recordsIn(database))).toEqual([4, 1, 3, 2, 5]);
    });

    test('tells again of what a unit of work took that failed', async () => {
      await atTimes(1, 2);
      const late = run(async ({ audit }) => {
        expect(timesOf(await audit.takeUnpublished(1))).toEqual([1]);
        expect(timesOf(await audit.takeUnpublished(5))).toEqual([2]);
        throw new Error('late');
      });
      await expect(late).rejects.toThrow('late');
      expect(timesOf(await take(5))).toEqual([1, 2]);
    });

    test('tells of each record once, however many ask at once', async () => {
      const times = Array.from({ length: 60 }, (_, i) => i);
      await atTimes(...times);
      const taken = await Promise.all(Array.from({ length: 6 }, () => take(15)));
      const left = await take(100);
      const told = timesOf([...taken.flat(), ...left]);
      expect(told.toSorted((one, other) => one - other)).toEqual(times);
    });

    test('seals records, and knows the end of the chain', async () => {
      await atTimes(1, 2, 3);
      expect(await lastSeal()).toBeNull();
      const [first, second] = await database.audit.unsealed(2);
      if (!first || !second) throw new Error('There are records.');
      await seal(new Map([[second.id, { number: 1, hash: 'a' }]]));
      expect(await lastSeal()).toEqual({ number: 1, hash: 'a' });
      await run(async ({ audit }) => {
        await audit.seal(new Map([[first.id, { number: 2, hash: 'b' }]]));
        expect(await audit.lastSeal()).toEqual({ number: 2, hash: 'b' });
      });
      const records = await recordsIn(database);
      expect(records.map((record) => record.seal)).toEqual([{ number: 2, hash: 'b' }, { number: 1, hash: 'a' }, null]);
    });

    test('seals more records than one statement can name', async () => {
      await atTimes(...Array.from({ length: 700 }, (_, i) => i));
      await sealAll();
      expect(await lastSeal()).toMatchObject({ number: 700 });
      expect(await database.audit.unsealed(1)).toEqual([]);
    });

    test('refuses a place that is taken, and a record that is sealed', async () => {
      await atTimes(1, 2);
      const [first, second] = await database.audit.unsealed(2);
      if (!first || !second) throw new Error('There are records.');
      await seal(new Map([[first.id, { number: 1, hash: 'a' }]]));
      for (const [id, number] of [
        [second.id, 1],
        [first.id, 2],
      ] as const) {
        const late = seal(new Map([[id, { number, hash: 'b' }]]));
        await expect(late).rejects.toMatchObject({ code: 'write_was_stale' });
      }
      expect((await recordsIn(database)).map((record) => record.seal)).toEqual([{ number: 1, hash: 'a' }, null]);
    });

    test('lets one of many who seal at once succeed, and the chain has no gap', async () => {
      await atTimes(1, 2, 3, 4, 5, 6);
      const unsealed = await database.audit.unsealed(10);
      const sealing = Array.from({ length: 4 }, (_, i) =>
        run(async ({ audit }) => {
          const next = ((await audit.lastSeal())?.number ?? 0) + 1;
          // They do not even agree which records come first.
          await audit.seal(sealsOf(i % 2 ? unsealed : unsealed.toReversed(), next));
        }),
      );
      const outcomes = await Promise.allSettled(sealing);
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      for (const outcome of outcomes)
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'write_was_stale' });
      const chain = await database.audit.chain({ limit: 10, after: null });
      expect(chain.map((record) => record.seal?.number)).toEqual([1, 2, 3, 4, 5, 6]);
    });

    describe('that forgets', () => {
      const removeBefore = (at: number, limit: number) => run(({ audit }) => audit.removeBefore(at, limit));

      test('removes at most that many from the beginning of the chain, and gives the last seal of them', async () => {
        await atTimes(1, 2, 3, 4, 5);
        await sealAll();
        expect(await removeBefore(1, 10)).toBeNull();
        expect(await removeBefore(9, 2)).toEqual({ last: { number: 2, hash: 'hash-2' }, removed: 2 });
        expect(await removeBefore(4, 9)).toEqual({ last: { number: 3, hash: 'hash-3' }, removed: 1 });
        expect(timesOf(await recordsIn(database))).toEqual([4, 5]);
      });

      test('stops at the first that is not older, for what is left must be a chain', async () => {
        await atTimes(1, 7, 2, 3);
        await sealAll();
        expect(await removeBefore(5, 9)).toEqual({ last: { number: 1, hash: 'hash-1' }, removed: 1 });
        expect(await removeBefore(5, 9)).toBeNull();
      });

      test('goes by the chain, whatever the order in which the records were written', async () => {
        await atTimes(1, 2, 3);
        await seal(sealsOf((await database.audit.unsealed(9)).toReversed(), 1));
        expect(await removeBefore(9, 1)).toEqual({ last: { number: 1, hash: 'hash-1' }, removed: 1 });
        expect(timesOf(await recordsIn(database))).toEqual([1, 2]);
      });

      test('never removes the last of the chain, nor what is not sealed', async () => {
        await atTimes(1, 2);
        await sealAll();
        await atTimes(3);
        expect(await removeBefore(NEW_YEAR, 9)).toEqual({ last: { number: 1, hash: 'hash-1' }, removed: 1 });
        expect(await removeBefore(NEW_YEAR, 9)).toBeNull();
        expect(timesOf(await recordsIn(database))).toEqual([2, 3]);
        expect(await lastSeal()).toEqual({ number: 2, hash: 'hash-2' });
        await sealAll(3);
        expect(await removeBefore(NEW_YEAR, 9)).toMatchObject({ removed: 1 });
      });
    });
  });
}

function sealsOf(records: readonly AuditRecord[], from: number): ReadonlyMap<number, Seal> {
  return new Map(records.map(({ id }, i) => [id, { number: from + i, hash: `hash-${from + i}` }]));
}
