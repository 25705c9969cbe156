import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aKey, aRecord, aWebhook, frozen, LATER, NOON } from '../test/builders.js';
import {
  afterAttempt,
  deliveryOf,
  eventIdOf,
  givenUp,
  healthAfter,
  replay,
  RESTS_AFTER,
  RETRY_PAUSES,
  webhookMessage,
  type Delivery,
  type Outcome,
  type RetryRules,
} from './delivery.js';
import type { AppId } from './names.js';
import { HEALTHY } from './webhook.js';

const [SECOND, MINUTE, HOUR, DAY] = [1000, 60_000, 3_600_000, 86_400_000];
const OK: Outcome = { delivered: true, result: '204' };
const NO: Outcome = { delivered: false, result: '503', gone: false, retryAfter: null };
const asking = (retryAfter: number): Outcome => ({ ...NO, result: '429', retryAfter });
/** A chance of one half makes a pause as long as it is written. */
const rules = (overrides: Partial<RetryRules> = {}): RetryRules => ({
  retryFor: 3 * DAY,
  chance: 0.5,
  now: NOON,
  ...overrides,
});

const waiting = (overrides: Partial<Delivery> = {}): Delivery =>
  frozen({ ...deliveryOf(aWebhook(), aRecord(), NOON), ...overrides });

/** Every attempt of a delivery that nobody takes, each as soon as it is due. */
function triedInVain(outcome: Outcome, chance = 0.5): readonly Delivery[] {
  const attempts: Delivery[] = [];
  for (let each = waiting(); each.status === 'waiting'; attempts.push(each))
    each = afterAttempt(each, outcome, rules({ chance, now: each.nextAt }));
  return attempts;
}

describe('a message', () => {
  const { accessKey } = aKey('old');
  const record = aRecord({
    name: 'credential.expiring',
    by: { kind: 'user', userId: null, appId: 'console' as AppId, address: '192.0.2.7', traceId: 'ab'.repeat(16) },
    details: { accessKey, grantType: 'PLATFORM', days: 7, expiresAt: NOON + 7 * DAY },
    changes: { before: { secret: 'pepper:fingerprint' }, after: { credentials: {} } },
  });

  test('says what happened when, to what and by whom', () => {
    expect(JSON.parse(webhookMessage(record))).toEqual({
      type: 'credential.expiring',
      timestamp: '2024-05-01T12:00:00.000Z',
      data: {
        subject: { kind: 'account', id: record.subject.id, name: 'bkdevops' },
        accessKey,
        grantType: 'PLATFORM',
        days: 7,
        expiresAt: '2024-05-08T12:00:00.000Z',
        by: { kind: 'user', userId: null, appId: 'console' },
      },
    });
  });

  test('says neither where it came from nor what it was before: that is for the audit', () => {
    for (const unsaid of ['192.0.2.7', 'abab', 'address', 'traceId', 'fingerprint', 'before'])
      expect(webhookMessage(record)).not.toContain(unsaid);
  });

  test('waits for its first attempt at once, under the name of its event', () => {
    expect(deliveryOf(aWebhook(), record, LATER)).toEqual({
      webhookId: aWebhook().id,
      eventId: 'evt_7',
      name: 'credential.expiring',
      body: webhookMessage(record),
      status: 'waiting',
      since: LATER,
      attempts: 0,
      nextAt: LATER,
      lastAttemptAt: null,
      lastResult: null,
    });
  });

  test('has one name, to whomever it goes, and no other event has it', () => {
    expect([eventIdOf({ id: 7 }), eventIdOf({ id: 7 }), eventIdOf({ id: 8 })]).toEqual(['evt_7', 'evt_7', 'evt_8']);
  });
});

describe('a delivery', () => {
  test('that was taken is delivered', () => {
    expect(afterAttempt(waiting({ attempts: 2 }), OK, rules({ now: LATER }))).toEqual(
      waiting({ status: 'delivered', attempts: 3, lastAttemptAt: LATER, lastResult: '204' }),
    );
  });

  test('that was not taken waits for the next attempt, and for nothing else to change', () => {
    expect(afterAttempt(waiting(), NO, rules({ now: LATER }))).toEqual(
      waiting({ attempts: 1, lastAttemptAt: LATER, lastResult: '503', nextAt: LATER + 5 * SECOND }),
    );
  });

  test('is tried later and later', () => {
    const attempts = triedInVain(NO);
    const pauses = attempts.slice(0, -1).map(({ nextAt, lastAttemptAt }) => nextAt - (lastAttemptAt ?? 0));
    expect(pauses.slice(0, RETRY_PAUSES.length)).toEqual(RETRY_PAUSES);
    expect(new Set(pauses.slice(RETRY_PAUSES.length))).toEqual(new Set([8 * HOUR]));
    expect(RETRY_PAUSES.toSorted((a, b) => a - b)).toEqual(RETRY_PAUSES);
    expect(RETRY_PAUSES[0]).toBe(5 * SECOND);
  });

  test.each([0, 0.5, 0.999])('is tried for three days and no longer, whatever the chance: %s', (chance) => {
    const attempts = triedInVain(NO, chance);
    const last = attempts.at(-1);
    expect(last).toMatchObject({ status: 'dead', lastResult: '503' });
    const tried = (last?.lastAttemptAt ?? 0) - NOON;
    expect(tried).toBeLessThanOrEqual(3 * DAY);
    expect(tried).toBeGreaterThan(3 * DAY - 9 * HOUR);
    expect(attempts.length).toBeGreaterThan(12);
  });

  test('that failed together with others is not tried again together with them: a tenth is left to chance', () => {
    const next = (chance: number) => afterAttempt(waiting({ attempts: 5 }), NO, rules({ chance })).nextAt - NOON;
    expect([next(0), next(0.5), next(1)]).toEqual([54 * MINUTE, HOUR, 66 * MINUTE]);
  });

  test('waits as long as the receiver asks for, and never less than it would have', () => {
    const next = (retryAfter: number) => afterAttempt(waiting(), asking(retryAfter), rules()).nextAt - NOON;
    expect([next(MINUTE), next(2 * SECOND)]).toEqual([MINUTE, 5 * SECOND]);
  });

  test('is dead when the receiver asks for longer than it would be tried', () => {
    const asked = asking(HOUR);
    const ended = (now: number) => afterAttempt(waiting(), asked, rules({ now })).status;
    expect([ended(NOON + 3 * DAY - HOUR), ended(NOON + 3 * DAY - HOUR + 1)]).toEqual(['waiting', 'dead']);
  });

  test('is dead at once when the receiver wants to hear nothing more', () => {
    const gone: Outcome = { ...NO, result: '410', gone: true };
    expect(afterAttempt(waiting(), gone, rules())).toMatchObject({ status: 'dead', attempts: 1, lastResult: '410' });
  });

  test('always waits for later, or for nothing', () => {
    const outcomes = fc.array(fc.oneof(fc.constant(NO), fc.integer({ min: 0, max: DAY }).map(asking)), {
      minLength: 1,
    });
    fc.assert(
      fc.property(outcomes, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (given, chance) => {
        let delivery = waiting();
        for (const outcome of given) {
          if (delivery.status !== 'waiting') break;
          const now = delivery.nextAt;
          delivery = afterAttempt(delivery, outcome, rules({ now, chance }));
          if (delivery.status === 'waiting') expect(delivery.nextAt).toBeGreaterThan(now);
          expect(delivery.nextAt).toBeLessThanOrEqual(NOON + 3 * DAY);
        }
      }),
    );
  });

  test('that waited for as long as it may be tried is given up, tried or not; what waits for nothing stays', () => {
    const at = (now: number, given = waiting()) => givenUp(given, { now, retryFor: DAY });
    expect(at(NOON + DAY)).toBeNull();
    expect(at(NOON + DAY + 1)).toEqual({ ...waiting(), status: 'dead' });
    for (const status of ['dead', 'delivered'] as const) expect(at(NOON + 9 * DAY, waiting({ status }))).toBeNull();
  });

  test.each(['dead', 'delivered'] as const)('that is %s can be replayed: tried anew, as the same event', (status) => {
    const before = waiting({ status, attempts: 16, lastAttemptAt: NOON, lastResult: '503', nextAt: NOON });
    const after = replay(before, LATER);
    expect(after).toEqual({ ...before, status: 'waiting', since: LATER, attempts: 0, nextAt: LATER });
    expect(afterAttempt(after, NO, rules({ now: LATER + 3 * DAY - MINUTE })).status).toBe('waiting');
  });
});

describe('a webhook', () => {
  const failing = (failures: number) => ({ failures, restsUntil: null });
  const times = (count: number, outcome: Outcome = NO): readonly Outcome[] =>
    Array.from({ length: count }, () => outcome);

  test('is tried on while fewer than five attempts in a row failed', () => {
    expect(RESTS_AFTER).toBe(5);
    expect(healthAfter(HEALTHY, times(4), rules())).toEqual(failing(4));
    expect(healthAfter(failing(2), times(2), rules())).toEqual(failing(4));
  });

  test('rests when the fifth has failed, be it over several rounds', () => {
    const resting = { failures: 5, restsUntil: NOON + 5 * SECOND };
    expect(healthAfter(HEALTHY, times(5), rules())).toEqual(resting);
    expect(healthAfter(failing(3), times(2), rules())).toEqual(resting);
  });

  test('rests longer each time that it fails again, by chance a tenth more or less', () => {
    const rests = RETRY_PAUSES.map((_, i) => {
      const { restsUntil } = healthAfter({ failures: 4 + i, restsUntil: NOON }, times(1), rules());
      return (restsUntil ?? 0) - NOON;
    });
    expect(rests).toEqual(RETRY_PAUSES);
    expect(healthAfter(failing(99), times(1), rules({ chance: 0 })).restsUntil).toBe(NOON + 0.9 * 8 * HOUR);
  });

  test('does not rest for hours because many events failed in one moment', () => {
    expect(healthAfter(HEALTHY, times(50), rules())).toEqual({ failures: 5, restsUntil: NOON + 5 * SECOND });
    expect(healthAfter(failing(4), times(9), rules())).toEqual({ failures: 5, restsUntil: NOON + 5 * SECOND });
    expect(healthAfter(failing(6), times(9), rules())).toEqual({ failures: 7, restsUntil: NOON + 2 * MINUTE });
  });

  test('is healthy again with the first message that it takes', () => {
    expect(healthAfter({ failures: 9, restsUntil: NOON }, [OK], rules())).toEqual(HEALTHY);
    expect(healthAfter(failing(4), [NO, NO, OK], rules())).toEqual(HEALTHY);
  });

  test('counts what failed since then, and nothing before', () => {
    expect(healthAfter(failing(4), [NO, OK, NO, NO], rules())).toEqual(failing(2));
    expect(healthAfter(HEALTHY, [OK, ...times(9)], rules())).toEqual({ failures: 5, restsUntil: NOON + 5 * SECOND });
  });

  test('that asks to be left alone is, with every event', () => {
    expect(healthAfter(HEALTHY, [asking(MINUTE)], rules())).toEqual({ failures: 1, restsUntil: NOON + MINUTE });
    expect(healthAfter(HEALTHY, [asking(HOUR), NO, asking(MINUTE)], rules()).restsUntil).toBe(NOON + HOUR);
    expect(healthAfter(HEALTHY, [asking(HOUR), OK], rules())).toEqual(HEALTHY);
  });

  test('rests for its failures, or for as long as it asks, whichever is longer', () => {
    expect(healthAfter(failing(4), [asking(HOUR)], rules()).restsUntil).toBe(NOON + HOUR);
    expect(healthAfter(failing(4), [asking(SECOND)], rules()).restsUntil).toBe(NOON + 5 * SECOND);
  });

  test('is what it was when nothing was tried', () => {
    const resting = { failures: 7, restsUntil: LATER };
    expect(healthAfter(resting, [], rules())).toEqual(resting);
  });
});
