/** What can be told of a thing, as JSON; of secrets only fingerprints. */
export interface Facts {
  readonly [fact: string]: Fact;
}
export type Fact = string | number | boolean | null | readonly Fact[] | Facts;

/** What a change changed: of both sides the facts that differ; null where there was, or is, nothing at all. */
export interface Changes {
  readonly before: Facts | null;
  readonly after: Facts | null;
}

export const NO_CHANGES: Changes = { before: null, after: null };

/** Of both sides the facts that differ, in objects of objects too. */
export function changesBetween(before: Facts | null, after: Facts | null): Changes {
  if (!before || !after) return { before, after };
  const [was, is]: [Record<string, Fact>, Record<string, Fact>] = [{}, {}];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [old, now] = [before[name], after[name]];
    if (JSON.stringify(old) === JSON.stringify(now)) continue;
    const inner = isFacts(old) && isFacts(now) ? changesBetween(old, now) : { before: old, after: now };
    if (isNothing(inner.before) && isNothing(inner.after)) continue;
    if (inner.before !== undefined) was[name] = inner.before;
    if (inner.after !== undefined) is[name] = inner.after;
  }
  return { before: was, after: is };
}

function isFacts(value: Fact | undefined): value is Facts {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Facts of which none differ: told in another order, they are the same. */
function isNothing(value: Fact | undefined): boolean {
  return isFacts(value) && Object.keys(value).length === 0;
}
