import { acknowledgedIn, type Ledger } from './ledger.js';

/** What a test measured of its promise; `scripts/repeat-faults.mjs` adds up what many runs say. */
export interface Measured {
  readonly kills?: number;
  /** Changes that were acknowledged. */
  readonly acknowledged?: number;
  readonly lost?: number;
  /** The longest, in milliseconds. */
  readonly recovery?: number;
  /** The longest, in milliseconds. */
  readonly propagation?: number;
  readonly requests?: number;
  /** The longest, in milliseconds. */
  readonly slowest?: number;
}

/** So that the chain grows while things go wrong. */
export const SEALING = { CLAVIGER_WORKER_SEAL_AUDIT_EVERY: '1s' };

/** One line for whoever runs the tests, and for the script. */
export function report(what: string, measured: Measured): void {
  process.stderr.write(`measured: ${what} ${JSON.stringify(measured)}\n`);
}

export function measuredIn(ledger: Ledger, breaches: readonly string[], kills: number): Measured {
  const recovery = Math.round(Math.max(0, ...ledger.recoveries));
  // That it took too long is no loss.
  const lost = breaches.filter((breach) => !breach.startsWith('10 ')).length;
  return { kills, acknowledged: acknowledgedIn(ledger), lost, recovery };
}
