import { LRUCache } from 'lru-cache';
import type { Find } from './engine.js';

/** About as many MB as thousands. */
const MOST = 20_000;

/**
 * Keeps what was found until anything is committed that could have changed it. What is not there is not kept: it may
 * come at any time, and strangers can ask for as much of it as they like.
 * @param generation another number after every such commit; null: not known, so that nothing kept may be believed
 */
export function keptReads(find: Find, generation: () => number | null): Find {
  const kept = new LRUCache<string, object>({ max: MOST });
  let keptOf: number | null = null;

  const findAndKeep: Find = async (read, parameter) => {
    const before = keptOf;
    const found = await find(read, parameter);
    // Read before a commit and told after it: nobody knows which state that was.
    if (found && keptOf === before && generation() === before) kept.set(keyOf(read.name, parameter), found);
    return found;
  };

  return <T extends object>(read: Parameters<typeof find<T>>[0], parameter: string) => {
    const now = generation();
    if (now === null) return find(read, parameter);
    if (now !== keptOf) {
      kept.clear();
      keptOf = now;
    }
    const known = kept.get(keyOf(read.name, parameter)) as T | undefined;
    return known ? Promise.resolve(known) : findAndKeep(read, parameter);
  };
}

function keyOf(name: string, parameter: string): string {
  return `${name} ${parameter}`;
}
