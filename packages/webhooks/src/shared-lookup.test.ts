import type { LookupFunction } from 'node:net';
import { expect, test } from '@jest/globals';
import { sharedLookup } from './shared-lookup.js';

type Told = Parameters<LookupFunction>[2];

/** A lookup whose answers wait to be given. */
function slowLookup() {
  const asked: { hostname: string; tell: Told }[] = [];
  const lookup: LookupFunction = (hostname, _, tell) => void asked.push({ hostname, tell });
  return { asked, lookup };
}

test('one name is asked for once, and everybody who waits is told', () => {
  const { asked, lookup } = slowLookup();
  const [shared, told] = [sharedLookup(lookup), [] as unknown[]];
  for (let i = 0; i < 5; i++) shared('a.example', { all: false }, (_, address) => told.push(address));
  shared('b.example', { all: false }, (...answer) => told.push(answer));
  shared('a.example', { all: true }, (...answer) => told.push(answer));
  expect(asked.map(({ hostname }) => hostname)).toEqual(['a.example', 'b.example', 'a.example']);
  asked[0]?.tell(null, '192.0.2.1', 4);
  expect(told).toEqual(Array(5).fill('192.0.2.1'));
});

test('a name is asked for anew by whoever comes after the answer, which may have been no answer', () => {
  const { asked, lookup } = slowLookup();
  const [shared, told] = [sharedLookup(lookup), [] as unknown[]];
  shared('a.example', {}, (error) => told.push(error?.message));
  asked[0]?.tell(new Error('away'), '', 0);
  shared('a.example', {}, (_, address) => told.push(address));
  asked[1]?.tell(null, '192.0.2.1', 4);
  expect(told).toEqual(['away', '192.0.2.1']);
});
