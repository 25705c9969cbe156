import { Counter, type Metric, type Registry } from 'prom-client';

/** One answer. */
export interface Answered {
  readonly method: string;
  readonly status: number;
  readonly milliseconds: number;
}

/** What answers are told apart by: the same object for every request that a route serves, and its pattern. */
export interface CountedRoute {
  readonly config: object;
  readonly url?: string | undefined;
}

interface Counts {
  readonly labels: { readonly method: string; readonly route: string };
  readonly byStatus: Map<number, number>;
  /** How many took so long, by the places of the buckets; the last one is for all that took longer. */
  readonly buckets: number[];
  /** Milliseconds. */
  sum: number;
}

/** Upper ends, in milliseconds. */
const BUCKETS = [1, 2.5, 5, 10, 25, 50, 100, 250, 1_000, 5_000];
const TIMES = 'claviger_http_request_seconds';

/**
 * Counts answers by route and status, and how long they took. The library looks its labels up at each observation; here
 * every request waits for that, so plain numbers are counted and the library is told when somebody asks.
 */
export function countAnswers(registry: Registry): (route: CountedRoute, answered: Answered) => void {
  const byRoute = new WeakMap<object, Map<string, Counts>>();
  /** By method and pattern, for a route may be served in two places. */
  const all = new Map<string, Counts>();

  const countsOf = ({ config, url }: CountedRoute, method: string): Counts => {
    const byMethod = byRoute.get(config) ?? new Map<string, Counts>();
    byRoute.set(config, byMethod);
    const known = byMethod.get(method);
    if (known) return known;
    const labels = { method, route: url ?? 'none' };
    const name = `${method} ${labels.route}`;
    const counts = all.get(name) ?? { labels, byStatus: new Map(), buckets: [0, ...BUCKETS].map(() => 0), sum: 0 };
    all.set(name, counts);
    byMethod.set(method, counts);
    return counts;
  };

  const requests = new Counter({
    name: 'claviger_http_requests_total',
    help: 'Requests that were answered, by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
    collect: () => {
      requests.reset();
      for (const { labels, byStatus } of all.values())
        for (const [status, count] of byStatus) requests.inc({ ...labels, status: String(status) }, count);
    },
  });
  const times = {
    name: TIMES,
    help: 'From the headers of a request to the end of its answer.',
    type: 'histogram',
    aggregator: 'sum',
    get: async () => ({ ...times, values: [...all.values()].flatMap(valuesOf) }),
  };
  registry.registerMetric(times as unknown as Metric);

  return (route, { method, status, milliseconds }) => {
    const counts = countsOf(route, method);
    counts.byStatus.set(status, (counts.byStatus.get(status) ?? 0) + 1);
    let bucket = 0;
    while (milliseconds > (BUCKETS[bucket] ?? Infinity)) bucket++;
    counts.buckets[bucket] = (counts.buckets[bucket] ?? 0) + 1;
    counts.sum += milliseconds;
  };
}

/** A histogram as Prometheus has it: each bucket counts what took at most so long, in seconds. */
function valuesOf({ labels, buckets, sum }: Counts) {
  let count = 0;
  const upTo = buckets.map((counted, place) => {
    const end = BUCKETS[place];
    count += counted;
    return { metricName: `${TIMES}_bucket`, labels: { ...labels, le: end ? end / 1000 : '+Inf' }, value: count };
  });
  return [
    ...upTo,
    { metricName: `${TIMES}_sum`, labels, value: sum / 1000 },
    { metricName: `${TIMES}_count`, labels, value: count },
  ];
}
