/** What is there at once, or will be: for the few ways that every request takes, where waiting for a promise costs more than the answer. */
export type Awaitable<T> = T | Promise<T>;

/** Goes on with it as soon as it is there: at once, if it is. */
export function andThen<T, R>(given: Awaitable<T>, step: (value: T) => Awaitable<R>): Awaitable<R> {
  return given instanceof Promise ? given.then(step) : step(given);
}
