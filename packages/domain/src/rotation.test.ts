import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aCredential, aKey, anAccount, frozen, NOON } from '../test/builders.js';
import { fieldRefusal, refusalOf } from '../test/refusal.js';
import { credentialOf, withdrawCredential, type Account } from './account.js';
import { isLive, LAST_USE_DELAY, LAST_USE_GRAIN, RETIREMENTS, type Credential } from './credential.js';
import type { AccessKey } from './key-format.js';
import { parseRetirement, retireIdle, rollBackRotation, rotateCredential, rotationProgress } from './rotation.js';

const HOUR = 3_600_000;
/** What is known of uses may lag behind so long. */
const LATE = LAST_USE_GRAIN + LAST_USE_DELAY;

type Asked = Parameters<typeof rotateCredential>[2];
const asked = (overrides: Partial<Asked> = {}): Asked => ({
  key: aKey('new'),
  expiresAt: null,
  overlap: HOUR,
  retire: 'at',
  mostLive: 5,
  now: NOON,
  ...overrides,
});

const old = aCredential('old', 'PLATFORM', { createdAt: NOON - HOUR });
const OLD = old.accessKey;
const NEW = aKey('new').accessKey;
const holding = (...credentials: readonly Credential[]): Account => anAccount({ credentials });
const rotated = (overrides: Partial<Asked> = {}, before: Credential = old): Account =>
  frozen(rotateCredential(holding(before), before.accessKey, asked(overrides)));
const lastUsed = (account: Account, accessKey: AccessKey, lastUsedAt: number): Account => ({
  ...account,
  credentials: account.credentials.map((held) => (held.accessKey === accessKey ? { ...held, lastUsedAt } : held)),
});
const liveKeys = (account: Account, now: number): AccessKey[] =>
  account.credentials.filter((held) => isLive(held, now)).map(({ accessKey }) => accessKey);

describe('a rotation', () => {
  test('puts a new credential of the same type behind the others and says of the old one what takes its place', () => {
    const account = holding(old, aCredential('other', 'PLATFORM'));
    const after = rotateCredential(account, OLD, asked({ expiresAt: NOON + 9 * HOUR, now: NOON }));
    expect(after).toEqual({
      ...account,
      lastModifiedAt: NOON,
      credentials: [
        {
          ...old,
          expiresAt: NOON + HOUR,
          superseded: { by: NEW, at: NOON, retire: 'at', overlap: HOUR, expiresAtBefore: null },
        },
        account.credentials[1],
        aCredential('new', 'PLATFORM', { expiresAt: NOON + 9 * HOUR }),
      ],
    });
  });

  test.each([
    [null, HOUR, NOON + HOUR],
    [NOON + 2 * HOUR, HOUR, NOON + HOUR],
    [NOON + 1, HOUR, NOON + 1],
    [null, 0, NOON],
  ])('never lengthens the life of the old one: it ends at %s, the overlap is %s', (expiresAt, overlap, ends) => {
    expect(credentialOf(rotated({ overlap }, { ...old, expiresAt }), OLD).expiresAt).toBe(ends);
  });

  test.each(['after-idle', 'manual'] as const)('that ends %s leaves the old one its own end', (retire) => {
    for (const expiresAt of [null, NOON + 5 * HOUR])
      expect(credentialOf(rotated({ retire }, { ...old, expiresAt }), OLD).expiresAt).toBe(expiresAt);
  });

  test('is not begun twice, but what took the place may be rotated in its turn', () => {
    const once = rotated();
    expect(refusalOf(() => rotateCredential(once, OLD, asked({ key: aKey('third') })))).toEqual({
      code: 'rotation_in_progress',
      details: {},
    });
    expect(liveKeys(rotateCredential(once, NEW, asked({ key: aKey('third') })), NOON)).toHaveLength(3);
  });

  test('is for a live credential', () => {
    for (const dead of [{ status: 'DISABLE' }, { expiresAt: NOON }] as const)
      expect(refusalOf(() => rotated({}, { ...old, ...dead }))?.code).toBe('credential_not_live');
    expect(refusalOf(() => rotateCredential(holding(old), NEW, asked()))?.code).toBe('credential_missing');
  });

  test('needs room for one more live credential', () => {
    const refusal = { code: 'too_many_credentials', details: { most: 2 } };
    const two = holding(old, aCredential('other', 'PLATFORM'));
    expect(refusalOf(() => rotateCredential(two, OLD, asked({ mostLive: 2 })))).toEqual(refusal);
    expect(refusalOf(() => rotateCredential(two, OLD, asked({ mostLive: 3 })))).toBeNull();
  });

  test('ends in one of three ways', () => {
    expect(RETIREMENTS.map(parseRetirement)).toEqual(RETIREMENTS);
    expect(refusalOf(() => parseRetirement('never'))).toEqual(
      fieldRefusal('retire', 'not_one_of', { allowed: 'at, after-idle, manual' }),
    );
  });
});

describe('a rotation that is rolled back', () => {
  test.each(RETIREMENTS)('gives the old credential back as it was and withdraws the new one: %s', (retire) => {
    for (const expiresAt of [null, NOON + 9 * HOUR]) {
      const before = { ...old, expiresAt };
      const after = rollBackRotation(rotated({ retire }, before), OLD, NOON + 1);
      expect(after).toEqual({ ...holding(before), lastModifiedAt: NOON + 1 });
    }
  });

  test('keeps when the old one was used meanwhile', () => {
    const used = lastUsed(rotated(), OLD, NOON);
    expect(rollBackRotation(used, OLD, NOON + 1).credentials).toEqual([{ ...old, lastUsedAt: NOON }]);
  });

  test('is so only while the old one lives', () => {
    const account = rotated();
    expect(refusalOf(() => rollBackRotation(account, OLD, NOON + HOUR))?.code).toBe('credential_not_live');
    expect(refusalOf(() => rollBackRotation(account, OLD, NOON + HOUR - 1))).toBeNull();
  });

  test('gives the old one back even when the new one was deleted by hand', () => {
    const account = withdrawCredential(rotated(), NEW, NOON);
    expect(rollBackRotation(account, OLD, NOON).credentials).toEqual([old]);
  });

  test('is missing where nothing took the place', () => {
    for (const account of [holding(old), rollBackRotation(rotated(), OLD, NOON)])
      for (const verb of [() => rollBackRotation(account, OLD, NOON), () => rotationProgress(account, OLD)])
        expect(refusalOf(verb)).toEqual({ code: 'rotation_missing', details: {} });
  });

  test('keeps what took the new one’s place in its turn', () => {
    const twice = rotateCredential(rotated(), NEW, asked({ key: aKey('third') }));
    expect(liveKeys(rollBackRotation(twice, OLD, NOON), NOON)).toEqual([OLD, aKey('third').accessKey]);
  });
});

describe('an old credential that waits for silence', () => {
  const waiting = rotated({ retire: 'after-idle' });

  test('goes when it has been quiet for the overlap since the rotation, and what is known of that is certain', () => {
    expect(retireIdle(waiting, NOON + HOUR + LATE - 1)).toEqual({ account: waiting, retired: [] });
    expect(retireIdle(waiting, NOON + HOUR + LATE - 1).account).toBe(waiting);
    const now = NOON + HOUR + LATE;
    const { account, retired } = retireIdle(waiting, now);
    expect(retired).toEqual([OLD]);
    expect(account.lastModifiedAt).toBe(now);
    expect(credentialOf(account, OLD)).toEqual({ ...credentialOf(waiting, OLD), expiresAt: now });
    expect(liveKeys(account, now)).toEqual([NEW]);
  });

  test('waits anew after each use', () => {
    const used = lastUsed(waiting, OLD, NOON + 2 * HOUR);
    expect(retireIdle(used, NOON + 3 * HOUR + LATE - 1).retired).toEqual([]);
    expect(retireIdle(used, NOON + 3 * HOUR + LATE).retired).toEqual([OLD]);
  });

  test('stays when no other of its type is good', () => {
    const later = NOON + 99 * HOUR;
    expect(retireIdle(withdrawCredential(waiting, NEW, NOON), later).retired).toEqual([]);
    const dying = rotated({ retire: 'after-idle', expiresAt: later });
    expect(retireIdle(dying, later).retired).toEqual([]);
    expect(retireIdle(dying, later - 1).retired).toEqual([OLD]);
  });

  test('goes once', () => {
    const { account } = retireIdle(waiting, NOON + 2 * HOUR);
    expect(retireIdle(account, NOON + 3 * HOUR).retired).toEqual([]);
  });

  test.each(['at', 'manual'] as const)('is none whose rotation ends %s', (retire) => {
    expect(retireIdle(rotated({ retire, overlap: 99 * HOUR }), NOON + 98 * HOUR).retired).toEqual([]);
  });
});

test.each([
  [null, false],
  [NOON - LAST_USE_GRAIN, false],
  [NOON, true],
  [NOON + HOUR, true],
])('the old key was last used at %s: still used %s', (lastUsedAt, stillUsed) => {
  const account = rotated({ now: NOON + LAST_USE_GRAIN - 1 });
  const used = lastUsedAt === null ? account : lastUsed(account, OLD, lastUsedAt);
  expect(rotationProgress(used, OLD)).toEqual({ old: credentialOf(used, OLD), stillUsed });
});

describe('after any sequence of rotations, rolled back, retired or none of it', () => {
  type Step = (account: Account, now: number, turn: number) => Account;
  const at = (account: Account, pick: number) => account.credentials[pick % account.credentials.length] ?? old;
  const steps = fc.tuple(
    fc.constantFrom(0, 1, LAST_USE_GRAIN, HOUR, 30 * HOUR),
    fc.oneof(
      fc.tuple(fc.nat(), fc.constantFrom(...RETIREMENTS), fc.constantFrom(0, 1, HOUR, 9 * HOUR)).map<Step>(
        ([pick, retire, overlap]) =>
          (account, now, turn) =>
            rotateCredential(
              account,
              at(account, pick).accessKey,
              asked({ key: aKey(`n${turn}x`), retire, overlap, mostLive: 3, now }),
            ),
      ),
      fc.nat().map<Step>((pick) => (account, now) => rollBackRotation(account, at(account, pick).accessKey, now)),
      fc.nat().map<Step>((pick) => (account, now) => lastUsed(account, at(account, pick).accessKey, now)),
      fc.constant<Step>((account, now) => retireIdle(account, now).account),
    ),
  );

  test('a type always keeps a credential, one is good at every moment, at most so many are, and no key is there twice', () => {
    const sequences = fc.array(steps, { maxLength: 25 });
    fc.assert(
      fc.property(sequences, (sequence) => {
        let [account, now] = [holding(old), NOON];
        sequence.forEach(([pause, step], turn) => {
          now += pause;
          expect(liveKeys(account, now)).not.toEqual([]);
          refusalOf(() => (account = frozen(step(account, now, turn))));
          expect(liveKeys(account, now)).not.toEqual([]);
          expect(liveKeys(account, now).length).toBeLessThanOrEqual(3);
          const keys = account.credentials.map(({ accessKey }) => accessKey);
          expect(new Set(keys).size).toBe(keys.length);
        });
        expect(liveKeys(account, now + 1_000 * HOUR)).not.toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
