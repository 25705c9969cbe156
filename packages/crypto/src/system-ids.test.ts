import { parseAccountId } from '@claviger/domain';
import { expect, it } from '@jest/globals';
import { systemIds } from './system-ids.js';

it.each(['nextAccountId', 'nextTokenId', 'nextSessionId'] as const)(
  '%s makes ids that sort in the order of their making',
  (next) => {
    const ids = Array.from({ length: 1000 }, (): string => systemIds[next]());
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
    expect(parseAccountId('cursor', ids[0] ?? '')).toBe(ids[0]);
  },
);
