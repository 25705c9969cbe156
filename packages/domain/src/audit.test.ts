import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { aKey, aRecord, NOON, OWNER } from '../test/builders.js';
import { CHAIN_START, chainedText, recordOf, type AuditRecord, type Subject } from './audit.js';
import type { DoneBy, DomainEvent } from './events.js';
import type { Fact } from './facts.js';
import type { AppId } from './names.js';

const subject: Subject = { kind: 'account', id: 'account-1', name: 'shop' };
const by: DoneBy = { kind: 'user', userId: OWNER, appId: 'console' as AppId, address: '192.0.2.7', traceId: 'ab' };
const changes = { before: { locked: false }, after: { locked: true } };

test('a record says what happened to what, when, by whom and what that changed; what else the event says are its details', () => {
  const { accessKey } = aKey('old');
  const warning: DomainEvent = {
    name: 'credential.expiring',
    at: NOON,
    by,
    changes,
    accessKey,
    grantType: 'PLATFORM',
    days: 7,
    expiresAt: NOON + 1,
  };
  expect(recordOf(subject, warning)).toEqual({
    name: 'credential.expiring',
    at: NOON,
    by,
    subject,
    changes,
    details: { accessKey, grantType: 'PLATFORM', days: 7, expiresAt: NOON + 1 },
  });
  expect(recordOf(subject, { name: 'account.locked', at: NOON, by, changes }).details).toEqual({});
});

/** Every way to change one part of a value, however deep it lies: each with where it lies. */
function* bent(value: Fact, path = ''): Generator<readonly [path: string, value: Fact]> {
  if (value === null) yield [path, 'something'];
  else if (typeof value === 'string') yield* [[path, `${value}.`] as const, [path, null] as const];
  else if (typeof value === 'number') yield [path, value + 1];
  else if (typeof value === 'boolean') yield [path, !value];
  else if (isList(value)) {
    yield [path, [...value, 'more']];
    for (const [i, each] of value.entries())
      for (const [where, other] of bent(each, `${path}.${i}`)) yield [where, value.with(i, other)];
  } else {
    yield [path, { ...value, more: 1 }];
    for (const [name, each] of Object.entries(value)) {
      const less = Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
      if (path.startsWith('.details') || path.startsWith('.changes.')) yield [`${path}.${name}`, less];
      for (const [where, other] of bent(each, `${path}.${name}`)) yield [where, { ...value, [name]: other }];
    }
  }
}

const isList = (value: Fact): value is readonly Fact[] => Array.isArray(value);

describe('the text that a seal covers', () => {
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  const orNull = fc.option(text);
  const facts = fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null), fc.array(text)), {
    maxKeys: 3,
    noNullPrototype: true,
  });
  const records = fc.record({
    id: fc.nat(),
    name: fc.constantFrom('account.locked', 'session.opened'),
    at: fc.nat(),
    by: fc.record({ kind: text, userId: orNull, appId: orNull, address: orNull, traceId: orNull }),
    subject: fc.record({ kind: text, id: text, name: text }),
    changes: fc.record({ before: fc.option(facts), after: fc.option(facts) }),
    details: facts,
  });
  const textOf = (record: unknown, previous = CHAIN_START, number = 1) =>
    chainedText(previous, number, record as AuditRecord);

  test('is another one when anything of the record is, however small', () => {
    fc.assert(
      fc.property(records, (record) => {
        const covered = textOf(record);
        for (const [path, other] of bent(record)) {
          // What is added to a record beside its own parts is not stored.
          if (/^$|^\.(by|subject|changes)$/.test(path)) continue;
          expect({ path, text: textOf(other) }).not.toEqual({ path, text: covered });
        }
      }),
    );
  });

  test('covers every part that a record has', () => {
    const record = Object.fromEntries(
      Object.entries(aRecord({ details: { days: 7 } })).filter(([name]) => name !== 'seal'),
    );
    const paths = [...bent(record)].filter(([, other]) => textOf(other) !== textOf(record)).map(([path]) => path);
    const parts = (value: object, path = ''): string[] =>
      Object.entries(value).flatMap(([name, part]) =>
        typeof part === 'object' && part !== null ? parts(part as object, `${path}.${name}`) : [`${path}.${name}`],
      );
    expect(new Set(paths)).toEqual(new Set([...parts(record), '.details', '.changes.before', '.changes.after']));
  });

  test('is another one at another place, and after another record', () => {
    const record = aRecord();
    expect(textOf(record, CHAIN_START, 2)).not.toBe(textOf(record));
    expect(textOf(record, 'f'.repeat(64))).not.toBe(textOf(record));
  });

  test('does not depend on the seal itself', () => {
    expect(textOf(aRecord({ seal: { number: 1, hash: 'f'.repeat(64) } }))).toBe(textOf(aRecord()));
  });

  test('is still the same when the record has been stored as JSON and read', () => {
    fc.assert(
      fc.property(records, (record) => {
        expect(textOf(JSON.parse(JSON.stringify(record)))).toBe(textOf(record));
      }),
    );
  });

  test('never changes its form: hashes that are stored depend on it, and so do checks of exports elsewhere', () => {
    const { id, name } = aRecord().subject;
    expect(textOf(aRecord({ details: { days: 7 } }), CHAIN_START, 3)).toBe(
      `["${'0'.repeat(64)}",3,7,"account.locked",${NOON},["user","olga",null,"192.0.2.7","${'ab'.repeat(16)}"],` +
        `["account","${id}","${name}"],[{"locked":false},{"locked":true}],{"days":7}]`,
    );
  });
});
