import autocannon from 'autocannon';

/** One kind of request, sent over and over. */
export interface Load {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly headers: Record<string, string>;
  readonly body?: string;
}

export interface Measured {
  readonly requestsPerSecond: number;
  /** Milliseconds. */
  readonly p99: number;
}

export const CONNECTIONS = 64;

/** Sends the request on 64 connections for some seconds. @throws when any answer was not 200 */
export async function press(load: Load, seconds: number): Promise<Measured> {
  const result = await autocannon({ ...load, connections: CONNECTIONS, duration: seconds });
  const bad = result.non2xx + result.errors + result.timeouts;
  if (bad > 0) throw new Error(`${bad} of ${result.requests.total} requests to ${load.url} failed`);
  return { requestsPerSecond: result.requests.total / result.duration, p99: result.latency.p99 };
}
