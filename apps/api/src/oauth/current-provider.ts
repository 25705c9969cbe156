import type { OpenedSigningKey } from '@claviger/application';

/** Milliseconds: so long at most a provider is used without a look at the keys. */
export const KEYS_ARE_KEPT = 60_000;

type Keys = readonly OpenedSigningKey[];

interface Current<Provider> {
  readonly keys: Keys;
  readonly provider: Provider;
}

interface Told<Provider> {
  readonly readKeys: () => Promise<Keys>;
  readonly open: (keys: Keys) => Promise<Provider>;
  /** Milliseconds; never back. */
  readonly now: () => number;
}

/**
 * Gives the provider for each request. It looks at the keys at most once a minute, and opens another provider when they
 * have changed or another one of them signs; whoever has the one before goes on with it. A look that fails is tried again
 * by the next request.
 */
export function currentProvider<Provider>({ readKeys, open, now }: Told<Provider>): () => Promise<Provider> {
  let current: Current<Provider> | null = null;
  let freshUntil = Number.NEGATIVE_INFINITY;
  let looking: Promise<Current<Provider>> | null = null;

  const look = async (): Promise<Current<Provider>> => {
    const begun = now();
    const keys = await readKeys();
    current = current && areSame(current.keys, keys) ? current : { keys, provider: await open(keys) };
    freshUntil = begun + KEYS_ARE_KEPT;
    return current;
  };

  return async () => {
    if (current && now() < freshUntil) return current.provider;
    // All who come meanwhile wait for this one look.
    looking ??= look().finally(() => {
      looking = null;
    });
    return (await looking).provider;
  };
}

function areSame(some: Keys, others: Keys): boolean {
  return some.length === others.length && some.every(({ id }, place) => id === others[place]?.id);
}
