import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { frozen } from '../test/builders.js';
import { changesBetween, type Changes, type Fact, type Facts } from './facts.js';

const isFacts = (value: Fact | undefined): value is Facts =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a thing became, if it was like that and such were its changes. */
function became(was: Facts, { before, after }: Changes): Facts {
  const result: Record<string, Fact> = { ...was };
  for (const name of Object.keys(before ?? {})) delete result[name];
  for (const [name, now] of Object.entries(after ?? {})) {
    const [old, told] = [was[name], before?.[name]];
    result[name] = isFacts(old) && isFacts(told) && isFacts(now) ? became(old, { before: told, after: now }) : now;
  }
  return result;
}

/** The same facts, told in another order. */
function reordered(facts: Facts): Facts {
  const entries = Object.entries(facts).toReversed();
  return Object.fromEntries(entries.map(([name, fact]) => [name, isFacts(fact) ? reordered(fact) : fact]));
}

const names = fc.constantFrom('locked', 'scope', 'cak_1', 'cak_2', 'cak_3');
const { facts } = fc.letrec<{ facts: Facts; fact: Fact }>((tie) => ({
  facts: fc.dictionary(names, tie('fact'), { noNullPrototype: true }),
  fact: fc.oneof(
    { maxDepth: 2 },
    fc.constantFrom('a', 'b', 0, 1, true, null),
    fc.array(fc.constantFrom('a', 'b'), { maxLength: 2 }),
    tie('facts'),
  ),
}));

describe('the changes between two sides', () => {
  test('are the facts that differ, each with what it was and what it is', () => {
    const before = { appId: 'shop', locked: false, scope: ['REPO'], homepageUrl: null };
    const after = { appId: 'shop', locked: true, scope: ['REPO', 'NODE'], homepageUrl: null };
    expect(changesBetween(frozen(before), frozen(after))).toEqual({
      before: { locked: false, scope: ['REPO'] },
      after: { locked: true, scope: ['REPO', 'NODE'] },
    });
  });

  test('tell of things in a thing only those that differ, and of those what differs', () => {
    const before = { credentials: { cak_1: { status: 'ENABLE', expiresAt: null }, cak_2: { status: 'ENABLE' } } };
    const after = { credentials: { cak_1: { status: 'DISABLE', expiresAt: null }, cak_2: { status: 'ENABLE' } } };
    expect(changesBetween(before, after)).toEqual({
      before: { credentials: { cak_1: { status: 'ENABLE' } } },
      after: { credentials: { cak_1: { status: 'DISABLE' } } },
    });
  });

  test('tell all of what was added on the one side, and all of what was removed on the other', () => {
    const before = { credentials: { cak_1: { status: 'ENABLE' }, cak_2: { status: 'ENABLE' } } };
    const after = { credentials: { cak_2: { status: 'ENABLE' }, cak_3: { status: 'DISABLE' } } };
    expect(changesBetween(before, after)).toStrictEqual({
      before: { credentials: { cak_1: { status: 'ENABLE' } } },
      after: { credentials: { cak_3: { status: 'DISABLE' } } },
    });
  });

  test('are the whole thing when there was or is nothing', () => {
    const facts1 = { appId: 'shop', locked: false };
    expect(changesBetween(null, facts1)).toEqual({ before: null, after: facts1 });
    expect(changesBetween(facts1, null)).toEqual({ before: facts1, after: null });
    expect(changesBetween(null, null)).toEqual({ before: null, after: null });
  });

  test('are none between the same facts, whatever their order', () => {
    fc.assert(
      fc.property(facts, (side) => {
        expect(changesBetween(side, side)).toEqual({ before: {}, after: {} });
        expect(changesBetween(side, reordered(side))).toEqual({ before: {}, after: {} });
      }),
    );
  });

  test('say how the one side became the other, and the other way round', () => {
    fc.assert(
      fc.property(facts, facts, (before, after) => {
        const changes = changesBetween(before, after);
        expect(became(before, changes)).toStrictEqual(after);
        expect(changesBetween(after, before)).toStrictEqual({ before: changes.after, after: changes.before });
      }),
      { numRuns: 1000 },
    );
  });
});
