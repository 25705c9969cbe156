import type { LookupFunction } from 'node:net';

/**
 * Asks for a name once at a time, however many want to know. Node looks names up on few threads that everybody shares:
 * one name whose servers do not answer would take them all.
 */
export function sharedLookup(lookup: LookupFunction): LookupFunction {
  const waiting = new Map<string, Parameters<LookupFunction>[2][]>();
  return (hostname, options, told) => {
    const question = JSON.stringify([hostname, options]);
    const all = waiting.get(question) ?? [];
    all.push(told);
    if (all.length > 1) return;
    waiting.set(question, all);
    lookup(hostname, options, (...answer) => {
      waiting.delete(question);
      for (const each of all) each(...answer);
    });
  };
}
