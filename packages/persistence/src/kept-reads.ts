import type { Awaitable } from '@claviger/domain';
import type { Find } from './engine.js';

/** Of each read; about as many MB as thousands. */
const MOST = 20_000;

/**
 * Keeps what was found until anything is committed that could have changed it. What is not there is not kept: it may
 * come at any time, and strangers can ask for as much of it as they like.
 * @param generation another number after every such commit; null: not known, so that nothing kept may be believed
 */
export function keptReads(find: Find, generation: () => number | null): Find {
  const keptBy = new Map<string, Map<string, object>>();
  let keptOf: number | null = null;

  const keptOfRead = (name: string): Map<string, object> => {
    const known = keptBy.get(name);
    if (known) return known;
    const kept = new Map<string, object>();
    keptBy.set(name, kept);
    return kept;
  };

  const findAndKeep: Find = <T extends object>(read: Parameters<typeof find<T>>[0], parameter: string) => {
    const [kept, before] = [keptOfRead(read.name), keptOf];
    const found = find(read, parameter);
    if (!(found instanceof Promise)) {
      if (found) keep(kept, parameter, found);
      return found;
    }
    const settle = (value: T | null): void => {
      if (kept.get(parameter) !== shared) return;
      // Read before a commit and told after it: nobody knows which state that was.
      if (value && generation() === before) keep(kept, parameter, value);
      else kept.delete(parameter);
    };
    const shared: Promise<T | null> = found.then(
      (value) => {
        settle(value);
        return value;
      },
      (error: unknown) => {
        settle(null);
        throw error;
      },
    );
    // After each change everybody asks for the same few at once: whoever comes meanwhile waits for this read.
    keep(kept, parameter, shared);
    return shared;
  };

  return <T extends object>(read: Parameters<typeof find<T>>[0], parameter: string) => {
    const now = generation();
    if (now === null) return find(read, parameter);
    if (now !== keptOf) {
      for (const kept of keptBy.values()) kept.clear();
      keptOf = now;
    }
    return (keptOfRead(read.name).get(parameter) as Awaitable<T> | undefined) ?? findAndKeep(read, parameter);
  };
}

/** Those that were kept first go first: all of them go with the next commit. */
function keep(kept: Map<string, object>, parameter: string, found: object): void {
  const [oldest] = kept.size < MOST ? [] : kept.keys();
  if (oldest !== undefined) kept.delete(oldest);
  kept.set(parameter, found);
}
