import { Mutex } from 'async-mutex';
import { expect, test } from '@jest/globals';
import { groupCommit, type Transactions } from './group-commit.js';
import { deadlineIn } from './patience.js';

const LATER = deadlineIn(3_600_000);

/** A connection that writes down what it is told, and fails where it shall. */
function connection(failing: Record<string, unknown> = {}) {
  const told: string[] = [];
  const say = (statement: string): void => {
    told.push(statement);
    if (statement in failing) throw failing[statement];
  };
  const transactions: Transactions = { begin: async () => say('BEGIN'), run: say };
  const together = groupCommit(new Mutex(), transactions);
  /** A unit of work that says its name. */
  const unit = (name: string, deadline = LATER) => together(deadline, async () => (say(name), name));
  return { told, unit, together };
}

test('units of work that wait for each other are committed together, each by itself in the order of their coming', async () => {
  const { told, unit } = connection();
  expect(await Promise.all(['a', 'b', 'c'].map((name) => unit(name)))).toEqual(['a', 'b', 'c']);
  const inSavepoint = (name: string) => ['SAVEPOINT unit', name, 'RELEASE unit'];
  expect(told).toEqual(['BEGIN', ...['a', 'b', 'c'].flatMap(inSavepoint), 'COMMIT']);
});

test('whoever comes while others are at work joins them', async () => {
  const { told, unit, together } = connection();
  const late: Promise<string>[] = [];
  await together(LATER, async () => void late.push(unit('late')));
  await Promise.all(late);
  expect(told.filter((statement) => statement === 'COMMIT')).toHaveLength(1);
});

test('no more than 32 share a transaction: other processes wait meanwhile', async () => {
  const { told, unit } = connection();
  await Promise.all(Array.from({ length: 33 }, (_, number) => unit(String(number))));
  expect(told.filter((statement) => statement === 'BEGIN' || statement === 'COMMIT')).toEqual([
    'BEGIN',
    'COMMIT',
    'BEGIN',
    'COMMIT',
  ]);
});

test('one that fails is taken back alone', async () => {
  const { told, unit } = connection({ bad: new Error('bad') });
  const [good, bad, last] = await Promise.allSettled([unit('good'), unit('bad'), unit('last')]);
  expect([good, last]).toMatchObject([{ value: 'good' }, { value: 'last' }]);
  expect(bad).toMatchObject({ reason: new Error('bad') });
  expect(told.slice(4, 8)).toEqual(['SAVEPOINT unit', 'bad', 'ROLLBACK TO unit', 'RELEASE unit']);
});

test('nobody is told anything, good or bad, before the commit; when that fails all have failed', async () => {
  const { told, unit } = connection({ bad: new Error('bad'), COMMIT: new Error('the disk is full') });
  const settled = await Promise.allSettled([unit('good'), unit('bad')]);
  const failed = { status: 'rejected', reason: new Error('the disk is full') };
  expect(settled).toEqual([failed, failed]);
  expect(told.at(-1)).toBe('ROLLBACK');
});

test('when the transaction is gone in their midst, those before have failed too, and those behind go on', async () => {
  const failing: Record<string, unknown> = {
    bad: new Error('the disk is full'),
    'ROLLBACK TO unit': new Error('no such savepoint'),
  };
  const { unit } = connection(failing);
  const [before, bad, behind] = await Promise.allSettled([unit('before'), unit('bad'), unit('behind')]);
  const failed = { status: 'rejected', reason: new Error('the disk is full') };
  expect([before, bad]).toEqual([failed, failed]);
  expect(behind).toMatchObject({ value: 'behind' });
});

test('whoever waited too long is told so, and nobody else', async () => {
  const { told, unit } = connection();
  const [late, good] = await Promise.allSettled([unit('late', deadlineIn(0)), unit('good')]);
  expect(late).toMatchObject({ reason: { code: 'database_unavailable' } });
  expect(good).toMatchObject({ value: 'good' });
  expect(told).not.toContain('late');
});

test('a lock that cannot be had fails the one that asked for it, and the next asks again', async () => {
  const failing: Record<string, unknown> = { BEGIN: new Error('locked') };
  const { unit } = connection(failing);
  const [first, second] = [unit('first'), unit('second')];
  await expect(first).rejects.toThrow('locked');
  delete failing['BEGIN'];
  expect(await second).toBe('second');
});
