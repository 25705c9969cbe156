import { expect, test } from '@jest/globals';
import { EVENT_CATALOGUE, EVENT_NAMES, isEventName } from './event-catalogue.js';

test.each(EVENT_NAMES)('the event %s has a name of two parts and is explained in whole sentences', (name) => {
  expect(name).toMatch(/^[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*$/);
  expect(EVENT_CATALOGUE[name]).toMatch(/^[A-Z].*\.$/);
});

test.each([
  'webhook.registered',
  'webhook.deleted',
  'caller.refused',
  'audit.pruned',
  'account',
  'account.',
  'toString',
  '__proto__',
  '',
])('nobody is told of %j', (name) => {
  expect(isEventName(name)).toBe(false);
});

test('everything in the catalogue can be heard of', () => {
  expect(EVENT_NAMES.filter(isEventName)).toEqual(EVENT_NAMES);
  expect(EVENT_NAMES.length).toBeGreaterThan(20);
});
