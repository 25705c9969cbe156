import { parseAccountId } from '@claviger/domain';
import { expect, it } from '@jest/globals';
import { systemIds } from './system-ids.js';

it('makes ids that sort in the order of their making', () => {
  const ids = Array.from({ length: 1000 }, () => systemIds.nextAccountId());
  expect(ids.toSorted()).toEqual(ids);
  expect(parseAccountId('cursor', ids[0] ?? '')).toBe(ids[0]);
});
