import { parseAccountId } from '@claviger/domain';
import { expect, it } from '@jest/globals';
import { systemIds } from './system-ids.js';

it.each(['nextAccountId', 'nextTokenId', 'nextSessionId', 'nextWebhookId'] as const)(
  '%s makes ids that sort in the order of their making',
  (next) => {
    const ids = Array.from({ length: 1000 }, (): string => systemIds[next]());
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(1000);
    expect(parseAccountId('cursor', ids[0] ?? '')).toBe(ids[0]);
  },
);

it('chance is a fraction that nobody foresees', () => {
  const chances = Array.from({ length: 1000 }, () => systemIds.chance());
  for (const chance of chances) expect(chance >= 0 && chance < 1).toBe(true);
  expect(new Set(chances).size).toBe(1000);
  // Of a thousand, none in one tenth: less than once in 10^45 runs.
  for (let tenth = 0; tenth < 10; tenth++)
    expect(chances.some((chance) => Math.floor(chance * 10) === tenth)).toBe(true);
});
