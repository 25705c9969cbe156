import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** A request that the library is at work on: most of our functions that it calls are told nothing of it. */
export interface Arrival {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** When its headers were here, in milliseconds since 1970; its body may have taken longer. */
  readonly at: number;
}

const arrivals = new AsyncLocalStorage<Arrival>();

export function duringArrival<T>(arrival: Arrival, work: () => T): T {
  return arrivals.run(arrival, work);
}

/** Undefined while it is not the library that is at work. */
export function presentArrival(): Arrival | undefined {
  return arrivals.getStore();
}
