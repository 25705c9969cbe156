import { expect, test } from '@jest/globals';
import { keyedBy } from './key-of.js';

const keyOf = keyedBy('a secret of some length');

test('a counter is named by its kind and a mac, the same in every process', () => {
  expect(keyOf('name', ['alice', '192.0.2.1'])).toMatch(/^name:[\w-]{43}$/);
  expect(keyedBy('a secret of some length')('name', ['alice'])).toBe(keyOf('name', ['alice']));
});

test('no two things share a counter', () => {
  const keys = [
    keyOf('name', ['ab', 'c']),
    keyOf('name', ['a', 'bc']),
    keyOf('name', ['abc']),
    keyOf('address', ['abc']),
    keyOf('name', ['a","b', 'c']),
    keyedBy('another secret of some length')('name', ['abc']),
  ];
  expect(new Set(keys.map((key) => key.slice(key.indexOf(':')))).size).toBe(keys.length);
});
