import type { Platform } from '@claviger/application';
import type { GrantType } from '@claviger/domain';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { act, type Action, type Model } from './account-model.js';
import { onOpenedPlatforms } from './opened-platforms.js';
import { APPS, openStage, type Answered, type Stage } from './race-stage.js';
import { report } from './report.js';

const SEED = 7300;
const RUNS = 150;
const TURNS = 12;
const TYPES: readonly GrantType[] = ['PLATFORM', 'AUTHORIZATION_CODE'];

onOpenedPlatforms((openFresh, database) => {
  describe('whatever is done to accounts and keys at once', () => {
    test('by two processes is what a small model says, in some order', async () => {
      // On PostgreSQL what another process keeps may be late by a second, which has tests of its own.
      const platforms = await openFresh(2, { guarded: database === 'SQLite' });
      await race(platforms, `races of two on ${database}`);
    }, 240_000);

    test('by one process, which keeps what it has read, is what a small model says, in some order', async () => {
      const platforms = await openFresh(1, { guarded: true });
      await race(platforms, `races in one on ${database}`);
    }, 240_000);
  });
});

async function race(platforms: readonly Platform[], what: string): Promise<void> {
  let [run, done, raced] = [0, 0, 0];
  const counts = { acted: () => done++, raced: () => raced++ };
  await fc.assert(
    fc.asyncProperty(fc.commands([aTurn()], { maxCommands: TURNS, size: 'max' }), async (turns) => {
      const real = openStage(platforms, `run-${run++}`, counts);
      await fc.asyncModelRun(() => ({ model: { now: {} }, real }), turns);
      expect(await real.told()).toBe(real.changes());
    }),
    { seed: SEED, numRuns: RUNS },
  );
  report(what, { acknowledged: done, requests: raced });
  expect(done).toBeGreaterThan(RUNS * 3);
  expect(raced).toBeGreaterThan(RUNS * 3);
}

/** What is asked: an action whose key is told by its place among all those that there ever were. */
type Ask = (names: readonly string[]) => Action;

/** One thing that is done, or up to four at once. */
function aTurn(): fc.Arbitrary<Turn> {
  const app = fc.constantFrom(...APPS);
  const types = fc.constantFrom<readonly GrantType[]>(TYPES, ['PLATFORM'], ['AUTHORIZATION_CODE']);
  const ask = fc.record({ app, types, type: fc.constantFrom(...TYPES), yes: fc.boolean(), place: fc.nat({ max: 30 }) });
  const kinds: readonly (readonly [number, Action['kind']])[] = [
    [4, 'create'],
    [1, 'delete'],
    [2, 'amend'],
    [1, 'lock'],
    [4, 'issue'],
    [4, 'withdraw'],
    [3, 'status'],
    [4, 'rotate'],
    [2, 'roll back'],
    [2, 'check'],
  ];
  const one = fc
    .tuple(fc.oneof(...kinds.map(([weight, kind]) => ({ weight, arbitrary: fc.constant(kind) }))), ask)
    .map(([kind, { place, yes, ...given }]): Ask => (names) => {
      const mine = names.filter((name) => name.startsWith(given.app));
      const key = mine[place % Math.max(1, mine.length)] ?? 'none';
      return { ...given, kind, key, locked: yes, enabled: yes };
    });
  return fc.array(one, { minLength: 1, maxLength: 4 }).map((asks) => new Turn(asks));
}

interface Held {
  now: Model;
}

class Turn implements fc.AsyncCommand<Held, Stage> {
  private actions: readonly Action[] = [];

  constructor(private readonly asks: readonly Ask[]) {}

  check(): boolean {
    return true;
  }

  async run(model: Held, real: Stage): Promise<void> {
    this.actions = this.asks.map((ask) => ask(real.names()));
    const answers = await real.actAtOnce(this.actions);
    const found = await real.look();
    const explained = ordersOf(answers)
      .map((order) => replay(model.now, order))
      .find((replayed) => replayed !== null && isSame(replayed, found));
    expect({ before: model.now, answers, found, explained: explained !== undefined }).toEqual({
      before: model.now,
      answers,
      found,
      explained: true,
    });
    model.now = explained ?? model.now;
  }

  toString(): string {
    return JSON.stringify(this.actions);
  }
}

/** What one after another would have made of the model; null when one of them would have been answered something else. */
function replay(model: Model, order: readonly Answered[]): Model | null {
  let now = model;
  for (const { action, made, answer } of order) {
    // Whoever was overtaken four times is told so, and has changed nothing.
    if (answer === 'write_was_stale' && order.length > 1) continue;
    const [after, told] = act(now, action, made);
    if (told !== answer) return null;
    now = after;
  }
  return now;
}

function ordersOf<T>(all: readonly T[]): (readonly T[])[] {
  if (all.length <= 1) return [all];
  return all.flatMap((first, i) => ordersOf(all.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}

function isSame(model: Model, found: Model): boolean {
  return JSON.stringify(sorted(model)) === JSON.stringify(sorted(found));
}

function sorted(model: Model): unknown {
  const byName = <T>(record: Readonly<Record<string, T>>) =>
    Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return byName(model).map(([app, { locked, keys }]) => [app, locked, byName(keys)]);
}
